import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { PkgError } from '../error.ts';
import { mergeSettings, type Settings, type SettingValue } from '../model/index.ts';
import { readGivenFile } from '../system/index.ts';
import type { Option, Options } from './command.ts';
import { listOption, textOption } from './options.ts';

/** For commands that make a new generation. */
export const SETTINGS_OPTIONS: readonly Option[] = [
  { flags: '--set <name.key=value>', help: 'answer a setting in advance (may be repeated)', isList: true },
  { flags: '--settings <file>', help: 'answers from a file, secrets too: {"NAME": {"KEY": VALUE}}' },
];

/** What was answered in advance; what was typed is named, for a secret must not be. */
export function givenSettings(options: Options): { readonly settings: Settings; readonly typed: readonly string[] } {
  const typed = listOption(options, 'set').map(splitSetting);
  const file = textOption(options, 'settings');
  const fromFile = file === undefined ? {} : readSettingsFile(file);
  const settings = typed.reduce(
    (all, { name, key, value }) => mergeSettings(all, { [name]: { [key]: value } }),
    fromFile,
  );
  return { settings, typed: typed.map(({ name, key }) => `${name}.${key}`) };
}

/** `web.port=8080`; a bundle may have dots in its name, a key has none. */
function splitSetting(word: string): { readonly name: string; readonly key: string; readonly value: string } {
  const parts = /^([^=]+)\.([^.=]+)=(.*)$/s.exec(word);
  if (parts !== null) return { name: parts[1] ?? '', key: parts[2] ?? '', value: parts[3] ?? '' };
  // What stands behind = may be a secret.
  throw new PkgError('usage', `--set takes NAME.KEY=VALUE, not '${word.replace(/=.*/s, '=…')}'`, {
    hint: '--set web.port=8080',
  });
}

function readSettingsFile(file: string): Settings {
  const text = readGivenFile(file);
  const errors: ParseError[] = [];
  const read: unknown = parse(text, errors, { allowTrailingComma: true });
  const [wrong] = errors;
  if (wrong !== undefined) {
    const line = text.slice(0, wrong.offset).split('\n').length;
    throw new PkgError('usage', `${file}:${line}: ${printParseErrorCode(wrong.error)}`, { hint: 'it must be JSON' });
  }
  if (isSettings(read)) return read;
  throw new PkgError('usage', `${file} does not hold settings`, {
    hint: 'such as {"web": {"port": 8080, "password": "…"}}: a bundle, its keys, and plain values',
  });
}

function isSettings(read: unknown): read is Settings {
  return (
    isPlainObject(read) && Object.values(read).every((one) => isPlainObject(one) && Object.values(one).every(isValue))
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isValue(value: unknown): value is SettingValue {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
