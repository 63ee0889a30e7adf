import { type Form, answersOf } from './form.ts';

/** The answers as options of the command line that does the same; secrets are in none. */
export function answerWords(form: Form): readonly string[] {
  const given = answersOf(form);
  return form.questions.flatMap(({ bundle, key, setting, fallback }) => {
    const value = given[bundle]?.[key];
    // What stood in brackets is taken by --yes.
    if (value === undefined || value === fallback || setting.secret === true) return [];
    return ['--set', `${bundle}.${key}=${value}`];
  });
}
