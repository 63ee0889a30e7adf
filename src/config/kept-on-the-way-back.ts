import type { Edited } from './edits-since.ts';
import { isBeside } from './is-beside.ts';
import { digest, type Entries } from './revision-entry.ts';

/** `created` without texts of operators beside files, unless `restored` contains them, so that these texts stay. */
export function withoutKept(created: Entries, restored: Entries): Entries {
  const known = new Set([...restored.values()].map(digest));
  return new Map([...created].filter(([name, entry]) => !holdsEdits(name) || known.has(digest(entry))));
}

/**
 * The files to go back to, except that deleted ones stay deleted. Deleting a file gives up the text it had then, but
 * not an older text of the operator: that one is put beside the place of the file.
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

/** What a bundle shipped needs no keeping. */
function holdsEdits(name: string): boolean {
  return isBeside(name) && !name.includes('.pkg-new');
}

function freeBeside(name: string, all: readonly Entries[]): string {
  for (let n = 1; ; n++) {
    const candidate = `${name}.pkg-old${n === 1 ? '' : `.${n}`}`;
    if (!all.some((entries) => entries.has(candidate))) return candidate;
  }
}
