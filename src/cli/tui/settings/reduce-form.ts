import type { Setting } from '../../../model/index.ts';
import { readAnswer, shownValue } from '../../setting-answers.ts';
import type { State } from '../change/state.ts';
import { answerWords } from './answer-words.ts';
import { type Form, nextIn, offeredIn, questionOf } from './form.ts';

/** The screen after a key while settings are asked for; letters go into the answer, whatever they mean elsewhere. */
export function reduceForm(state: State, key: string): State {
  const { form, typed } = state;
  const question = form === null ? undefined : questionOf(form);
  if (form === null || question === undefined) return state;
  switch (key) {
    case 'enter':
      return take(state, form, question.setting);
    case 'escape':
      return typed === '' && form.problem === null ? goBack(state, form) : withTyped(state, form, '');
    case 'backspace':
      return withTyped(state, form, [...typed].slice(0, -1).join(''));
    case 'up':
      return withTyped(state, form, neighbour(form, question.setting, typed, -1));
    case 'down':
      return withTyped(state, form, neighbour(form, question.setting, typed, 1));
    default:
      return [...key].length === 1 ? withTyped(state, form, typed + key) : state;
  }
}

/** What can only be one of a few can be chosen without typing it. */
export function choicesOf({ type, choices }: Setting): readonly string[] {
  return choices ?? (type === 'boolean' ? ['yes', 'no'] : []);
}

function take(state: State, form: Form, setting: Setting): State {
  const read = readAnswer(setting, offeredIn(form), state.typed);
  if ('problem' in read) return { ...state, form: { ...form, problem: read.problem } };
  const at = form.asked.at(-1) ?? 0;
  const taken: Form = { ...form, taken: new Map([...form.taken, [at, read.value]]), problem: null };
  const next = nextIn(taken);
  if (next !== null) return { ...state, form: next, typed: '', scroll: 0 };
  return {
    ...state,
    form: taken,
    typed: '',
    scroll: 0,
    view: 'plan',
    answer: 'yes',
    answered: [...state.answered, ...answerWords(taken)],
  };
}

/** To the question before; behind the first one is the way out. */
function goBack(state: State, form: Form): State {
  if (form.asked.length === 1) return { ...state, answer: 'no' };
  return { ...state, form: { ...form, asked: form.asked.slice(0, -1) }, typed: '', scroll: 0 };
}

function withTyped(state: State, form: Form, typed: string): State {
  return { ...state, typed: typed.slice(0, LONGEST), form: { ...form, problem: null }, scroll: 0 };
}

/** Nobody types more; what is pasted by mistake may be longer. */
const LONGEST = 4_096;

function neighbour(form: Form, setting: Setting, typed: string, by: 1 | -1): string {
  const choices = choicesOf(setting);
  if (choices.length === 0) return typed;
  const offered = offeredIn(form);
  const now = choices.indexOf(typed === '' && offered !== null ? shownValue(setting, offered) : typed);
  if (now === -1) return choices.at(by === 1 ? 0 : -1) ?? typed;
  return choices[Math.min(choices.length - 1, Math.max(0, now + by))] ?? typed;
}
