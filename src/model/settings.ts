import type { Setting } from './manifest.ts';

export type SettingValue = string | number | boolean;

/** The settings of one bundle, by key. */
export type BundleSettings = Readonly<Record<string, SettingValue>>;

/** Bundle name -> its settings. */
export type Settings = Readonly<Record<string, BundleSettings>>;

/** A question to the operator; `fallback` is used if nothing is answered, null = there is none. */
export type SettingQuestion = {
  readonly bundle: string;
  readonly key: string;
  readonly setting: Setting;
  readonly fallback: SettingValue | null;
  /** The settings of the bundle known so far, on which `when` depends. */
  readonly known: BundleSettings;
};

/** What a change does to one setting; a secret is only said to change. null = it has no value on that side. */
export type SettingChange = {
  readonly bundle: string;
  readonly key: string;
  readonly from: SettingValue | null;
  readonly to: SettingValue | null;
  readonly secret: boolean;
};

/** What is shown instead of a secret. */
export const SECRET = '***';

/** A text with its secrets hidden; the longest first, because one may be the beginning of another. */
export function hideSecrets(text: string, secrets: readonly string[] = []): string {
  const longestFirst = secrets.filter((secret) => secret !== '').toSorted((a, b) => b.length - a.length);
  return longestFirst.reduce((rest, secret) => rest.replaceAll(secret, SECRET), text);
}

/** An answer as the declared type of the setting, because `8080` and `yes` are typed as text; null if it is not one. */
export function settingValue(setting: Setting, answer: SettingValue): SettingValue | null {
  switch (setting.type) {
    case 'number': {
      const number = typeof answer === 'string' && answer.trim() !== '' ? Number(answer) : answer;
      return typeof number === 'number' && Number.isFinite(number) ? number : null;
    }
    case 'boolean':
      if (typeof answer === 'boolean') return answer;
      if (/^(y|yes|true|on|1)$/i.test(String(answer))) return true;
      return /^(n|no|false|off|0)$/i.test(String(answer)) ? false : null;
    case 'string':
    case 'choice':
      return String(answer);
    default:
      return setting.type satisfies never;
  }
}

/** Why `answer` cannot be the value of a setting, or null. Never repeats what was answered: it may be a secret. */
export function settingProblem(setting: Setting, answer: SettingValue): string | null {
  const value = settingValue(setting, answer);
  if (value === null) return setting.type === 'number' ? 'must be a number' : 'must be yes or no';
  if (typeof value === 'number') {
    if (setting.min !== undefined && value < setting.min) return `must be at least ${setting.min}`;
    if (setting.max !== undefined && value > setting.max) return `must be at most ${setting.max}`;
  }
  if (typeof value !== 'string') return null;
  // A line end would begin a new line in a rendered file, or cut a variable in two.
  if (/[\0\r\n]/.test(value)) return 'must be one line of text';
  if (setting.choices !== undefined && !setting.choices.includes(value)) {
    return `must be one of ${setting.choices.join(', ')}`;
  }
  if (setting.pattern !== undefined && !new RegExp(setting.pattern).test(value)) return `must match ${setting.pattern}`;
  return null;
}

/** Whether a setting matters, by its `when`: `tls` = that setting is on, `storage=redis` = it has this value. */
export function settingMatters(setting: Setting, values: BundleSettings): boolean {
  if (setting.when === undefined) return true;
  const equals = setting.when.indexOf('=');
  const value = values[equals < 0 ? setting.when : setting.when.slice(0, equals)];
  if (equals >= 0) return String(value ?? '') === setting.when.slice(equals + 1);
  return value !== undefined && value !== false && value !== '' && value !== 0;
}

/** Both together; if both have an answer, that of `over`. */
export function mergeSettings(under: Settings, over: Settings): Settings {
  const names = [...new Set([...Object.keys(under), ...Object.keys(over)])];
  return Object.fromEntries(names.map((name) => [name, { ...under[name], ...over[name] }]));
}
