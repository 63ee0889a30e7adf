import {
  SECRET,
  type Setting,
  type SettingQuestion,
  type SettingValue,
  settingProblem,
  settingValue,
} from '../model/index.ts';

/** What became of something that was typed for a setting. */
export type ReadAnswer = { readonly value: SettingValue } | { readonly problem: string };

/** `web.port: Port to listen on [8080]`; what stands in brackets is taken when nothing is typed. */
export function questionWords({ bundle, key, setting }: SettingQuestion, offered: SettingValue | null): string {
  const choices = setting.choices === undefined ? '' : ` (${setting.choices.join(', ')})`;
  const inBrackets = offered === null ? '' : ` [${shownValue(setting, offered)}]`;
  return `${bundle}.${key}: ${setting.prompt ?? key}${choices}${inBrackets}`;
}

/** What was typed as a value of the setting, or why it cannot be. */
export function readAnswer(setting: Setting, offered: SettingValue | null, typed: string): ReadAnswer {
  if (typed === '' && offered !== null) return { value: offered };
  const problem = typed === '' ? 'needs an answer' : settingProblem(setting, typed);
  if (problem !== null) return { problem };
  const value = settingValue(setting, typed);
  return value === null ? { problem: 'needs an answer' } : { value };
}

/** As it may be seen. */
export function shownValue(setting: Setting, value: SettingValue): string {
  if (setting.secret === true) return SECRET;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}
