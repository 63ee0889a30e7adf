import { digest, type Entries } from './revision-entry.ts';
import { settleFiles } from './settle-files.ts';

/** A revision as it was made, and as it is now. */
export type Edited = { readonly created: Entries; readonly now: Entries };

/** `entries` with the edits of other revisions, oldest first; in a conflict, `policy` says which side is put beside. */
export function withEdits(entries: Entries, revisions: readonly Edited[], policy: 'keep' | 'new'): Entries {
  return revisions.reduce((theirs, { created, now }) => {
    const sides = { base: created, mine: now, theirs };
    return settleFiles({ ...sides, how: new Map(), policy, exact: null, choices: new Map() }).entries;
  }, entries);
}

/** `created` without the files that were edited in other revisions: none of those is as it was shipped. */
export function editedSince(created: Entries, revisions: readonly Edited[]): Entries {
  return new Map(
    [...created].filter(([name]) =>
      revisions.every((one) => digest(one.created.get(name)) === digest(one.now.get(name))),
    ),
  );
}
