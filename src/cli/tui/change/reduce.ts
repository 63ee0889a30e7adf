import { reduceEvent } from './reduce-event.ts';
import { reduceKey } from './reduce-key.ts';
import type { Input, State } from './state.ts';

/** The screen after something happened: the only place where its state changes. */
export function reduce(state: State, input: Input): State {
  switch (input.kind) {
    case 'event':
      return reduceEvent({ ...state, now: input.at }, input.event);
    case 'conflict':
      return { ...opened(state, 'conflict'), conflict: input.conflict };
    case 'settings':
      return { ...opened(state, 'settings'), form: input.form };
    case 'name':
      return { ...opened(state, 'name'), loss: input.loss };
    case 'question':
      return opened(state, 'plan');
    case 'key':
      return reduceKey(state, input.key);
    case 'size':
      return { ...state, size: input.size };
    case 'tick':
      return { ...state, now: input.at };
    case 'signal':
      return reduceSignal(state);
    case 'lost':
      return { ...state, answer: state.answer ?? 'lost', isSeen: true };
    default:
      return input satisfies never;
  }
}

/** A question. Whoever wanted to leave before it came has not to say so again. */
function opened(state: State, view: State['view']): State {
  const answer = state.answer === 'interrupt' ? state.answer : null;
  return { ...state, view, answer, typed: '', scroll: 0, isDetailed: false };
}

/** Ends a question; the work says by itself what it does then, unless a key has been the reason. */
function reduceSignal(state: State): State {
  if (state.view !== 'work') return { ...state, answer: 'interrupt' };
  if (state.interrupts > 0) return state;
  const text = 'interrupted: the running step ends, then everything is undone';
  return { ...state, told: [...state.told, { kind: 'text', tone: 'warning', text }] };
}
