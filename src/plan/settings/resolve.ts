import {
  type BundleSettings,
  type Manifest,
  type SettingValue,
  settingMatters,
  settingProblem,
  settingValue,
} from '../../model/index.ts';

/** The resulting settings of one bundle, and what is wrong with them. */
export type Resolved = {
  readonly values: BundleSettings;
  /** Keys that need an answer and have none. */
  readonly missing: readonly string[];
  /** Given answers that are invalid. */
  readonly invalid: readonly { readonly key: string; readonly why: string }[];
};

/** For each declared setting: what was given, else what it was before, else its default. */
export function resolveSettings(manifest: Manifest, given: BundleSettings, kept: BundleSettings): Resolved {
  const declared = Object.entries(manifest.settings ?? {});
  const invalid = Object.entries(given).flatMap(([key, answer]) => {
    const setting = manifest.settings?.[key];
    const why = setting === undefined ? 'does not exist' : settingProblem(setting, answer);
    return why === null ? [] : [{ key, why }];
  });
  const values: Record<string, SettingValue> = {};
  for (const [key, setting] of declared) {
    // A value that the new version no longer accepts counts as not given.
    const before = kept[key];
    const usable = before === undefined || settingProblem(setting, before) !== null ? undefined : before;
    const answer = given[key] ?? usable ?? setting.default;
    const value = answer === undefined ? null : settingValue(setting, answer);
    if (value !== null) values[key] = value;
  }
  const missing = declared
    .filter(([key, setting]) => values[key] === undefined && settingMatters(setting, values))
    .map(([key]) => key);
  return { values, missing: missing.filter((key) => !invalid.some((wrong) => wrong.key === key)), invalid };
}
