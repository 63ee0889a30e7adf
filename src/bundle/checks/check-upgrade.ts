import type { Manifest } from '../../model/index.ts';
import { checkDataWays } from './check-data-ways.ts';
import { checkRanges } from './check-ranges.ts';
import type { Findings } from './check-source.ts';
import { checkStepServices } from './check-step-services.ts';
import { checkSteps } from './check-steps.ts';

/** Mistakes in upgrade paths, by name; docs/upgrade-paths.md#mistakes explains each. */
export function checkUpgrade(manifest: Manifest): Findings {
  const steps = (['up', 'down'] as const).flatMap((direction) =>
    (manifest.upgrade?.[direction] ?? []).flatMap((entry, at) => {
      const place = ['upgrade', direction, at, 'steps'];
      return [...checkStepServices(manifest, entry, place), ...checkSteps(manifest, entry, place)];
    }),
  );
  const ways = checkDataWays(manifest);
  return { problems: [...steps, ...checkRanges(manifest), ...ways.problems], warnings: ways.warnings };
}
