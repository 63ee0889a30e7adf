import type { Paint } from '../../views/paint.ts';
import { conflictLines } from '../conflict/conflict-lines.ts';
import { helpLines } from './help-lines.ts';
import { planPicture } from '../plan/plan-picture.ts';
import { formLines } from '../settings/form-lines.ts';
import type { Loss, State } from './state.ts';
import { workLines } from '../work/work-lines.ts';
import { wrapLine } from '../terminal/wrap-line.ts';

/** Everything between title and footer, as wide as the window, also what has to be scrolled to. */
export function bodyLines(state: State, ink: Paint): readonly string[] {
  return linesOf(state, ink).flatMap((line) => wrapLine(line, state.size.columns));
}

/** How many lines of it can be seen at once: title, rule, rule and two lines of footer stay. */
export function bodyRoom({ size }: Pick<State, 'size'>): number {
  return Math.max(1, size.rows - 5);
}

/** Whether it is shown from its end, where things are added. */
export function isFollowed({ view, isHelpOpen }: Pick<State, 'view' | 'isHelpOpen'>): boolean {
  return (view === 'work' || view === 'settings') && !isHelpOpen;
}

function lossLines({ name, loss }: Loss, { typed }: State, ink: Paint): readonly string[] {
  return [ink.red(loss), '', `Type ${name} to go on:`, `  > ${typed}_`];
}

function linesOf(state: State, ink: Paint): readonly string[] {
  if (state.isHelpOpen) return helpLines(state, ink);
  switch (state.view) {
    case 'settings':
      return state.form === null ? [] : formLines(state.form, state, ink);
    case 'plan':
      return state.plan === null ? ['one moment: the plan is being made'] : planPicture(state.plan, state, ink);
    case 'name':
      return state.loss === null ? [] : lossLines(state.loss, state, ink);
    case 'conflict':
      return state.conflict === null ? [] : conflictLines(state.conflict, state, ink);
    case 'work':
      return workLines(state, ink);
    default:
      return state.view satisfies never;
  }
}
