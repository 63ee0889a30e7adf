import { bodyLines, bodyRoom, isFollowed } from './body.ts';
import { dangersOf } from '../../dangers.ts';
import { PLAIN } from '../terminal/plain.ts';
import { reduceForm } from '../settings/reduce-form.ts';
import type { ConflictKey, State } from './state.ts';

const CONFLICT_KEYS: Readonly<Record<string, ConflictKey>> = { k: 'keep', n: 'new', m: 'merge', e: 'edit' };

/** The screen after one key: a character as it was typed, or the name of a key. */
export function reduceKey(state: State, key: string): State {
  if (key === 'interrupt') return interrupt(state);
  if (state.view === 'settings' && !['page-up', 'page-down'].includes(key)) return reduceForm(state, key);
  if (state.view === 'name') return nameKey(state, key);
  const moved = move(state, key);
  if (moved !== null) return moved;
  if (state.isHelpOpen) return { ...state, isHelpOpen: false, scroll: 0 };
  // Where a word is being typed, `?` and `q` are letters of it like any other.
  if (key === '?' && state.typed === '') return { ...state, isHelpOpen: true, scroll: 0 };
  switch (state.view) {
    case 'settings':
      return state;
    case 'plan':
      return planKey(state, key);
    case 'conflict':
      return conflictKey(state, key);
    case 'work':
      return workKey(state, key);
    default:
      return state.view satisfies never;
  }
}

/** A question is answered by it; the work hears of it as of a signal. */
function interrupt(state: State): State {
  if (state.view !== 'work') return { ...state, answer: 'interrupt' };
  return state.result === null ? { ...state, interrupts: state.interrupts + 1 } : { ...state, isSeen: true };
}

function planKey(state: State, key: string): State {
  if (key === 'tab') return { ...state, isDetailed: !state.isDetailed, scroll: 0 };
  if (key === 'escape' && state.typed !== '') return { ...state, typed: '' };
  if (key === 'escape') return { ...state, answer: 'no' };
  // What is not shown yet cannot be agreed to.
  if (state.plan === null) return state;
  if (dangersOf(state.plan).length > 0) return typedKey(state, key);
  if (key === 'y') return agree(state);
  return key === 'n' || key === 'q' ? { ...state, answer: 'no' } : state;
}

/** What cannot be taken back is agreed to with a whole word, so that no key pressed by chance does it. */
function typedKey(state: State, key: string): State {
  if (key === 'backspace') return { ...state, typed: state.typed.slice(0, -1) };
  if (key === 'enter') return state.typed === 'yes' ? agree(state) : { ...state, typed: '' };
  if (state.typed === '' && (key === 'n' || key === 'q')) return { ...state, answer: 'no' };
  return key.length === 1 ? { ...state, typed: (state.typed + key).slice(0, 4) } : state;
}

/** Whether it is the right name is decided where it was asked for. */
function nameKey(state: State, key: string): State {
  if (key === 'enter') return { ...state, answer: 'yes', view: 'work', startedAt: state.now };
  if (key === 'escape') return state.typed === '' ? { ...state, answer: 'no' } : { ...state, typed: '' };
  if (key === 'backspace') return { ...state, typed: state.typed.slice(0, -1) };
  return key.length === 1 ? { ...state, typed: (state.typed + key).slice(0, LONGEST_NAME) } : state;
}

const LONGEST_NAME = 128;

function agree(state: State): State {
  return { ...state, answer: 'yes', view: 'work', scroll: 0, typed: '', startedAt: state.now };
}

function conflictKey(state: State, key: string): State {
  if (key === 'tab') return { ...state, isDetailed: !state.isDetailed, scroll: 0 };
  if (key === 'escape' || key === 'q') return { ...state, answer: 'no' };
  const answer = CONFLICT_KEYS[key];
  return answer === undefined ? state : { ...state, answer };
}

/** The work cannot be left, only interrupted: that is what `q` must not do by chance. */
function workKey(state: State, key: string): State {
  return state.result !== null && ['enter', 'escape', 'q'].includes(key) ? { ...state, isSeen: true } : state;
}

/** null = the key moves nothing. */
function move(state: State, key: string): State | null {
  const page = Math.max(1, bodyRoom(state) - 1);
  const far = bodyLines(state, PLAIN).length;
  const by = { up: -1, down: 1, 'page-up': -page, 'page-down': page, home: -far, end: far }[key];
  if (by === undefined) return null;
  const furthest = Math.max(0, far - bodyRoom(state));
  // The work is followed at its end, and scrolled back from there.
  const scroll = state.scroll + (isFollowed(state) ? -by : by);
  return { ...state, scroll: Math.min(furthest, Math.max(0, scroll)) };
}
