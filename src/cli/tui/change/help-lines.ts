import type { Paint } from '../../views/paint.ts';
import { repeatRoot } from '../../repeat-root.ts';
import { type KeyRow, keyRows } from '../list/key-rows.ts';
import type { State } from './state.ts';

const MOVE: readonly KeyRow[] = [
  ['up, down', 'one line'],
  ['page up, page down', 'one screen'],
  ['home, end', 'to the beginning, to the end'],
];

/** Where letters are answers, the footer has all keys. */
type Typed = 'settings' | 'name';

const KEYS: Readonly<Record<Exclude<State['view'], Typed>, readonly KeyRow[]>> = {
  plan: [
    ['y', 'run the plan; what cannot be undone asks for the whole word yes'],
    ['n, q, Esc', 'leave; nothing is changed'],
    ['Tab', 'every step with its undo, and back to the picture'],
    ['Ctrl-C', 'leave; nothing is changed'],
  ],
  conflict: [
    ['k', 'keep your file; the new one is put beside it'],
    ['n', 'take the new file'],
    ['m', 'edit both in one text with marks where they differ'],
    ['e', 'edit your file'],
    ['Tab', 'side by side, and back to one below the other'],
    ['q, Esc', 'leave; nothing is changed'],
    ['Ctrl-C', 'leave; nothing is changed'],
  ],
  work: [
    ['Ctrl-C', 'the running step ends, then everything is undone'],
    ['Ctrl-C again', 'ends the hook that is running, and goes on undoing'],
    ['Enter, q, Esc', 'leave, once it is over'],
  ],
};

/** The keys that do something here. */
export function helpLines({ view, rootWords }: State, ink: Paint): readonly string[] {
  const rows = [...(view === 'settings' || view === 'name' ? [] : KEYS[view]), ...MOVE];
  return [
    ...keyRows(rows, ink),
    '',
    repeatRoot('If this terminal goes away the change goes on, and ends as the journal says: pkg history', rootWords),
  ];
}
