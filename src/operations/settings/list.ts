import { PkgError } from '../../error.ts';
import { nearestWord, quoted, SECRET, type Setting, type SettingValue } from '../../model/index.ts';
import { readAnswers } from '../../store/index.ts';
import { membersOnDisk, readInstalled } from '../facts/installed.ts';

/** One setting of an installed bundle, as it may be shown. */
export type ShownSetting = {
  readonly bundle: string;
  readonly key: string;
  readonly type: Setting['type'];
  /** `***` for a secret that has a value; null = it has none. */
  readonly value: SettingValue | null;
  readonly default: SettingValue | null;
  readonly secret: boolean;
  readonly prompt: string | null;
  readonly when: string | null;
  readonly choices: readonly string[] | null;
};

/** The settings of all bundles, or of one; of a secret, only whether it has a value. */
export async function listSettings(
  root: string,
  name: string | null,
): Promise<{ readonly generation: number | null; readonly settings: readonly ShownSetting[] }> {
  const installed = readInstalled(root);
  const members = await membersOnDisk(installed);
  const names = members.map(({ id }) => id.name);
  if (name !== null && !names.includes(name)) throw notInstalled(name, names);
  const { layout, generation } = installed;
  const settings = members
    .filter(({ id }) => name === null || id.name === name)
    .flatMap(({ id, manifest }) => {
      const values = generation === null ? {} : readAnswers(layout, generation.number, id.name);
      return Object.entries(manifest.settings ?? {}).map(([key, setting]) =>
        shown(id.name, key, setting, values[key] ?? setting.default ?? null),
      );
    });
  return { generation: generation?.number ?? null, settings };
}

function shown(bundle: string, key: string, setting: Setting, value: SettingValue | null): ShownSetting {
  const secret = setting.secret === true;
  const mask = (known: SettingValue | null): SettingValue | null => (secret && known !== null ? SECRET : known);
  return {
    bundle,
    key,
    type: setting.type,
    value: mask(value),
    default: mask(setting.default ?? null),
    secret,
    prompt: setting.prompt ?? null,
    when: setting.when ?? null,
    choices: setting.choices ?? null,
  };
}

function notInstalled(name: string, names: readonly string[]): PkgError {
  const near = nearestWord(name, names);
  return new PkgError('unknown-name', `${quoted(name)} is not installed`, {
    hint: near === null ? 'pkg list shows what is installed' : `did you mean ${near}?`,
  });
}
