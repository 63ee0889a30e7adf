import { bundleTitle } from '../model/index.ts';
import type { Check } from './check.ts';
import { refuse } from './target.ts';

/** Refuses what a manifest may declare but this version cannot do, where going on would install something wrong. */
export const checkFeatures: Check = ({ entering }) => {
  const causes = entering.flatMap(({ member: { id, manifest } }) => [
    ...(manifest.config ?? [])
      .filter((file) => file.template === true)
      .map((file) => ({
        message: `${file.path} of ${bundleTitle(id)} is a template, and templates are not filled in yet`,
      })),
    ...Object.entries(manifest.settings ?? {})
      .filter(([, setting]) => setting.default === undefined)
      .map(([name]) => ({
        message: `setting ${name} of ${bundleTitle(id)} has no default, and settings are not asked for yet`,
      })),
  ]);
  return causes.length === 0
    ? null
    : refuse('unsupported-feature', causes, 'ship the finished file, or give the setting a default');
};
