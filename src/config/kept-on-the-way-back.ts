import type { Edited } from './edits-since.ts';
import { isBeside } from './is-beside.ts';
import { digest, type Entries } from './revision-entry.ts';

/** `created` without what lies beside files with a text of operators that is not in what is gone back to: so it stays. */
export function withoutKept(created: Entries, restored: Entries): Entries {
  const known = new Set([...restored.values()].map(digest));
  return new Map([...created].filter(([name, entry]) => !holdsEdits(name) || known.has(digest(entry))));
}

/**
 * What is gone back to, for files that were deleted since: who deleted one has given up what was in it then, and not what
 * somebody had written into it before. That lies beside its place.
 */
export function besideDeleted(restored: Entries, shipped: Entries, since: readonly Edited[]): Entries {
  return new Map(
    [...restored].map(([name, entry]) => {
      const isAuthored = digest(entry) !== digest(shipped.get(name));
      const isDeleted = since.some(
        ({ created, now }) => created.has(name) && !now.has(name) && digest(created.get(name)) !== digest(entry),
      );
      return [
        isAuthored && isDeleted && !isBeside(name)
          ? freeBeside(name, [restored, ...since.map(({ now }) => now)])
          : name,
        entry,
      ];
    }),
  );
}

/** What a bundle shipped is in no danger. */
function holdsEdits(name: string): boolean {
  return isBeside(name) && !name.includes('.pkg-new');
}

function freeBeside(name: string, all: readonly Entries[]): string {
  for (let n = 1; ; n++) {
    const candidate = `${name}.pkg-old${n === 1 ? '' : `.${n}`}`;
    if (!all.some((entries) => entries.has(candidate))) return candidate;
  }
}
