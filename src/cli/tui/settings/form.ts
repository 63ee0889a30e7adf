import { type SettingQuestion, type Settings, type SettingValue, settingMatters } from '../../../model/index.ts';

/** Settings that are asked for one after the other. */
export type Form = {
  readonly questions: readonly SettingQuestion[];
  /** The numbers of those that were asked, in their order; the last one is being asked. */
  readonly asked: readonly number[];
  /** What was taken, by number; also of those one has gone back behind. */
  readonly taken: ReadonlyMap<number, SettingValue>;
  /** Why what was typed last cannot be taken. */
  readonly problem: string | null;
};

/** A form with the first question that matters; null where none does. */
export function openForm(questions: readonly SettingQuestion[]): Form | null {
  return nextIn({ questions, asked: [], taken: new Map(), problem: null });
}

/** The question that is being asked. */
export function questionOf({ questions, asked }: Form): SettingQuestion | undefined {
  return questions[asked.at(-1) ?? 0];
}

/** What is taken for it when nothing is typed; null = it needs an answer. */
export function offeredIn(form: Form): SettingValue | null {
  return form.taken.get(form.asked.at(-1) ?? 0) ?? questionOf(form)?.fallback ?? null;
}

/** The form after an answer; null = that was the last one. */
export function nextIn(form: Form): Form | null {
  const { questions, asked } = form;
  const given = answersOf(form);
  const next = questions.findIndex(
    ({ bundle, setting, known }, at) =>
      at > (asked.at(-1) ?? -1) && settingMatters(setting, { ...known, ...given[bundle] }),
  );
  return next === -1 ? null : { ...form, asked: [...asked, next], problem: null };
}

/** All that was taken for what was asked. */
export function answersOf({ questions, asked, taken }: Form): Settings {
  const given: Record<string, Record<string, SettingValue>> = {};
  for (const at of asked) {
    const [question, value] = [questions[at], taken.get(at)];
    if (question !== undefined && value !== undefined) {
      given[question.bundle] = { ...given[question.bundle], [question.key]: value };
    }
  }
  return given;
}
