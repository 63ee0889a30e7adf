import type { Told } from '../../../operations/look/history.ts';
import type { Size, TerminalInput } from '../terminal/input.ts';

/** The history with one transaction chosen; `opened` is what is known about it, once that was asked for. */
export type Browse = {
  readonly size: Size;
  /** The newest first. */
  readonly told: readonly Told[];
  readonly live: number | null;
  readonly chosen: number;
  readonly isOpen: boolean;
  readonly scroll: number;
  /** The words of the command that the operator wants to run now; none = to leave. */
  readonly words: readonly string[] | null;
};

/** The history after a key: nothing is done here, a command line is chosen. */
export function reduceBrowse(state: Browse, input: TerminalInput): Browse {
  switch (input.kind) {
    case 'size':
      return { ...state, size: input.size };
    case 'lost':
      return { ...state, words: [] };
    case 'key':
      return browseKey(state, input.key);
    case 'tick':
      return state;
    default:
      return input satisfies never;
  }
}

/** The generation that the chosen transaction made, where one can go back to it. */
export function goalOf({ told, chosen, live }: Browse): number | null {
  const one = told[chosen];
  if (one === undefined || one.outcome !== 'committed' || one.to === live) return null;
  return one.to;
}

function browseKey(state: Browse, key: string): Browse {
  const goal = goalOf(state);
  switch (key) {
    case 'enter':
      return { ...state, isOpen: state.told.length > 0, scroll: 0 };
    case 'r':
      return goal === null ? state : { ...state, words: ['rollback', String(goal)] };
    case 'd':
      return goal === null ? state : { ...state, words: ['diff', String(goal)] };
    case '?':
      return { ...state, words: ['--help'] };
    case 'escape':
      return state.isOpen ? { ...state, isOpen: false } : { ...state, words: [] };
    case 'q':
    case 'interrupt':
      return { ...state, words: [] };
    default:
      return move(state, key);
  }
}

/** Through the list, or through what is known about one of it. */
function move(state: Browse, key: string): Browse {
  const page = Math.max(1, state.size.rows - 6);
  const far = state.told.length;
  const by = { up: -1, down: 1, 'page-up': -page, 'page-down': page, home: -far, end: far }[key];
  if (by === undefined) return state;
  if (state.isOpen) return { ...state, scroll: Math.max(0, state.scroll + by) };
  return { ...state, chosen: Math.min(Math.max(0, far - 1), Math.max(0, state.chosen + by)) };
}
