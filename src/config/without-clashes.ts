import type { Entries, Entry } from './revision-entry.ts';
import type { FileOutcome } from './settle-files.ts';

type Files = { readonly entries: Entries; readonly outcomes: readonly FileOutcome[] };

/** If one side has a file and the other a folder of that name, the operator's stays and the other is put beside it. */
export function withoutClashes(entries: Entries, outcomes: readonly FileOutcome[], mine: Entries): Files {
  const clash = [...entries.keys()].find((name) => [...entries.keys()].some((other) => other.startsWith(`${name}/`)));
  if (clash === undefined) return { entries, outcomes };
  const isMine = mine.has(clash);
  const moved = new Map<string, Entry>();
  const besides: FileOutcome[] = [];
  for (const [name, entry] of entries) {
    const gives = isMine ? name.startsWith(`${clash}/`) : name === clash;
    const place = gives ? `${clash}.pkg-new${name.slice(clash.length)}` : name;
    moved.set(place, entry);
    if (gives) besides.push({ path: name, outcome: 'conflict', beside: place });
  }
  const others = outcomes.filter(({ path }) => !besides.some((beside) => beside.path === path));
  return withoutClashes(moved, [...others, ...besides], mine);
}
