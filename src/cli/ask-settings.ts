import {
  SECRET,
  type SettingQuestion,
  type Settings,
  type SettingValue,
  settingMatters,
  settingProblem,
  settingValue,
} from '../model/index.ts';
import { ask } from './ask.ts';
import { canAsk } from './can-ask.ts';
import type { Context } from './command.ts';
import { say } from './streams.ts';

type Asking = Omit<Context, 'session'>;

/** Asks on the terminal what nobody answered in advance; with --yes or --dry-run only what has no default. */
export async function askSettings(questions: readonly SettingQuestion[], context: Asking): Promise<Settings> {
  // --yes accepts the plan; it cannot answer what only the operator knows.
  if (!canAsk({ ...context, yes: false })) return {};
  const given: Record<string, Record<string, SettingValue>> = {};
  for (const question of questions) {
    const { bundle, key, setting, fallback, known } = question;
    if (!settingMatters(setting, { ...known, ...given[bundle] })) continue;
    if ((context.yes || context.dryRun) && fallback !== null) continue;
    const value = await askOne(question, context);
    if (value === null) continue;
    given[bundle] = { ...given[bundle], [key]: value };
  }
  return given;
}

/** Until the answer can be taken; nothing typed takes what stands in brackets, the end of input leaves it open. */
async function askOne({ bundle, key, setting, fallback }: SettingQuestion, { streams }: Asking) {
  const offered = fallback === null ? '' : ` [${setting.secret === true ? SECRET : inWords(fallback)}]`;
  const choices = setting.choices === undefined ? '' : ` (${setting.choices.join(', ')})`;
  const question = `${bundle}.${key}: ${setting.prompt ?? key}${choices}${offered} `;
  for (;;) {
    const answer = await ask(question, streams, { hidden: setting.secret === true });
    if (answer === null) return null;
    if (answer === '' && fallback !== null) return fallback;
    const problem = answer === '' ? 'needs an answer' : settingProblem(setting, answer);
    if (problem === null) return settingValue(setting, answer);
    say(streams, `  ${bundle}.${key} ${problem}`);
  }
}

function inWords(value: SettingValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}
