import { readStoredManifest } from '../../../bundle/index.ts';
import { checkStep } from '../../../plan/index.ts';
import { HANDLERS } from '../../../steps/index.ts';
import type { Place } from '../change.ts';
import type { LiveService } from '../live.ts';
import { outsideWorld } from './outside-world.ts';

/** Runs the `staged` checks of a bundle on its configuration as it is now; throws at the first that fails. */
export async function checkNow({ name, at }: LiveService, { layout, session }: Place): Promise<void> {
  const { checks = [] } = await readStoredManifest(layout.bundle(at.bundle));
  const staged = checks.filter(({ when = ['staged'] }) => when.includes('staged'));
  if (staged.length === 0) return;
  const world = outsideWorld(name.bundle, layout, session);
  const { note, do: run } = HANDLERS['run-check'];
  for (const check of staged) {
    const step = checkStep(check, at.bundle, { when: 'staged', generation: at.generation });
    await run(step, world, await note?.(step, world));
  }
}
