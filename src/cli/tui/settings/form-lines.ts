import { visible } from '../../harmless.ts';
import { questionWords, shownValue } from '../../setting-answers.ts';
import type { Paint } from '../../views/paint.ts';
import type { State } from '../change/state.ts';
import { cutBefore } from '../list/cut.ts';
import { type Form, offeredIn, questionOf } from './form.ts';
import { choicesOf } from './reduce-form.ts';

/** What was answered so far, then the question, what is typed, and why it cannot be taken. */
export function formLines(form: Form, { typed, size }: State, ink: Paint): readonly string[] {
  const question = questionOf(form);
  if (question === undefined) return [];
  const isSecret = question.setting.secret === true;
  const shown = isSecret ? '*'.repeat([...typed].length) : visible(typed);
  return [
    ...answeredLines(form, ink),
    ink.bold(visible(questionWords(question, offeredIn(form)))),
    `  > ${cutBefore(shown, size.columns - 6)}_`,
    ...(form.problem === null ? [] : [ink.red(`    ${question.bundle}.${question.key} ${form.problem}`)]),
  ];
}

/** The keys of the question that is asked. */
export function formKeys(form: Form): string {
  const setting = questionOf(form)?.setting;
  const isChosen = setting !== undefined && choicesOf(setting).length > 0;
  const back = form.asked.length > 1 ? 'Esc  back' : 'Esc  leave';
  return `Enter  take   ${isChosen ? 'up, down  choose   ' : ''}${back}   Ctrl-C  leave`;
}

function answeredLines({ questions, asked, taken }: Form, ink: Paint): readonly string[] {
  return asked.slice(0, -1).flatMap((at) => {
    const [question, value] = [questions[at], taken.get(at)];
    if (question === undefined || value === undefined) return [];
    return [`${visible(questionWords(question, null))}  ${ink.cyan(visible(shownValue(question.setting, value)))}`];
  });
}
