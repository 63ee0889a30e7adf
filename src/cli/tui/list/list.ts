/** Where one is in a list, and which of it is looked for. */
export type List = {
  readonly at: number;
  readonly filter: string;
  /** Letters go into the filter now. */
  readonly isFiltering: boolean;
};

/** At the beginning, with everything in it. */
export const WHOLE_LIST: List = { at: 0, filter: '', isFiltering: false };

/** The list after a key that moves in it or filters it; null = the key means something else. */
export function reduceList(
  list: List,
  key: string,
  { count, room }: { readonly count: number; readonly room: number },
): List | null {
  if (list.isFiltering) {
    const filtered = filterKey(list, key);
    if (filtered !== null) return filtered;
  } else if (key === '/') return { ...list, isFiltering: true };
  const page = Math.max(1, room - 1);
  const by = { up: -1, down: 1, 'page-up': -page, 'page-down': page, home: -count, end: count }[key];
  if (by === undefined) return null;
  // What is shown may have become less than it was when one went there.
  const at = Math.min(list.at, Math.max(0, count - 1));
  return { ...list, at: Math.min(Math.max(0, count - 1), Math.max(0, at + by)) };
}

/** Whether a line has every word of the filter in it. */
export function isLookedFor({ filter }: List, line: string): boolean {
  return (
    filter === '' ||
    filter
      .toLowerCase()
      .split(' ')
      .every((word) => line.toLowerCase().includes(word))
  );
}

/** The row one is on among `count`. */
export function rowAt({ at }: List, count: number): number {
  return Math.max(0, Math.min(at, count - 1));
}

/** The rows that fit, so that the one that one is on is among them. */
export function windowOf(list: List, count: number, room: number): { readonly first: number; readonly last: number } {
  const first = Math.max(0, Math.min(rowAt(list, count) - Math.floor(room / 2), count - room));
  return { first, last: Math.min(count, first + room) };
}

/** Rows of a whole window: those of the list, filled up. Only what can be seen is drawn, however long the list is. */
export function listRows<T>(
  list: List,
  items: readonly T[],
  room: number,
  draw: (item: T, isHere: boolean) => string,
): readonly string[] {
  const { first, last } = windowOf(list, items.length, room);
  const here = rowAt(list, items.length);
  const rows = items.slice(first, last).map((item, at) => draw(item, first + at === here));
  return [...rows, ...Array<string>(Math.max(0, room - rows.length)).fill('')];
}

/** How it stands with the filter: `/per_` while it is typed. */
export function filterWords({ filter, isFiltering }: List): string {
  if (isFiltering) return `/${filter}_`;
  return filter === '' ? '' : `/${filter}`;
}

function filterKey(list: List, key: string): List | null {
  if (key === 'enter') return { ...list, isFiltering: false };
  if (key === 'escape') return { ...WHOLE_LIST };
  if (key === 'backspace') return { ...list, filter: [...list.filter].slice(0, -1).join(''), at: 0 };
  return [...key].length === 1 ? { ...list, filter: (list.filter + key).slice(0, 40), at: 0 } : null;
}
