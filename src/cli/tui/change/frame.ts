import type { Paint } from '../../views/paint.ts';
import { bodyLines, bodyRoom, isFollowed } from './body.ts';
import { dangersOf } from '../../dangers.ts';
import { formKeys } from '../settings/form-lines.ts';
import type { State } from './state.ts';

/** The whole screen as lines, one for each row but the last: where a terminal would scroll. */
export function frame(state: State, ink: Paint): readonly string[] {
  const rule = ink.dim('-'.repeat(state.size.columns));
  const { shown, above, below } = part(state, ink);
  const more = above + below === 0 ? '' : `${above} lines above, ${below} below`;
  return [title(state, ink), rule, ...shown, rule, keys(state), ink.dim(more)].slice(0, state.size.rows);
}

type Part = { readonly shown: readonly string[]; readonly above: number; readonly below: number };

/** What fits of the body, filled up to the rule below. */
function part(state: State, ink: Paint): Part {
  const lines = bodyLines(state, ink);
  const room = bodyRoom(state);
  const hidden = Math.max(0, lines.length - room);
  const scroll = Math.min(hidden, state.scroll);
  const above = isFollowed(state) ? hidden - scroll : scroll;
  const shown = lines.slice(above, above + room);
  return { shown: [...shown, ...Array<string>(room - shown.length).fill('')], above, below: hidden - above };
}

function title(state: State, ink: Paint): string {
  const words = state.isHelpOpen ? 'keys' : titleWords(state);
  return `${ink.bold('pkg')}  ${words}`;
}

function titleWords(state: State): string {
  switch (state.view) {
    case 'settings':
      return 'what the bundles have to know';
    case 'plan':
      return state.isDetailed ? 'the plan, every step' : 'the plan';
    case 'name':
      return 'what is lost for good';
    case 'conflict':
      return state.isDetailed ? 'a conflict, side by side' : 'a conflict';
    case 'work':
      return state.result === null ? workTitle(state) : 'the end';
    default:
      return state.view satisfies never;
  }
}

function workTitle({ told, now, startedAt }: State): string {
  const step = told.findLast((one) => one.kind === 'step');
  const isUndo = step !== undefined && ['undoing', 'undone', 'undo-failed'].includes(step.state);
  const where = step === undefined ? 'unpacking' : `${isUndo ? 'undoing' : step.phase}, step ${step.n} of ${step.of}`;
  const passed = Math.max(0, Math.floor((now - startedAt) / 1000));
  return `${where}, ${Math.floor(passed / 60)}:${String(passed % 60).padStart(2, '0')}`;
}

function keys(state: State): string {
  if (state.isHelpOpen) return 'up, down  scroll   any other key  back';
  switch (state.view) {
    case 'settings':
      return state.form === null ? '' : formKeys(state.form);
    case 'plan': {
      if (state.plan === null) return 'Ctrl-C  leave';
      const go = dangersOf(state.plan).length > 0 ? `type yes, Enter: ${state.typed}_` : 'y  go on';
      return `${go}   n  leave   Tab  ${state.isDetailed ? 'picture' : 'every step'}   ?  keys`;
    }
    case 'name':
      return 'Enter  go on   Esc  leave   Ctrl-C  leave';
    case 'conflict':
      return 'k keep   n new   m merge   e edit   Tab beside   ?  keys';
    case 'work':
      return state.result === null ? 'Ctrl-C  undo everything   ?  keys' : 'Enter  leave   ?  keys';
    default:
      return state.view satisfies never;
  }
}
