import { type SettingQuestion, type Settings, type SettingValue, settingMatters } from '../model/index.ts';
import { ask } from './ask.ts';
import { canAsk } from './can-ask.ts';
import type { Context } from './command.ts';
import { questionWords, readAnswer } from './setting-answers.ts';
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
async function askOne(question: SettingQuestion, { streams }: Asking): Promise<SettingValue | null> {
  const { bundle, key, setting, fallback } = question;
  for (;;) {
    const typed = await ask(`${questionWords(question, fallback)} `, streams, { hidden: setting.secret === true });
    if (typed === null) return null;
    const read = readAnswer(setting, fallback, typed);
    if ('value' in read) return read.value;
    say(streams, `  ${bundle}.${key} ${read.problem}`);
  }
}
