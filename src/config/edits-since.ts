import { digest, type Entries } from './revision-entry.ts';
import { settleFiles } from './settle-files.ts';

/** A revision as it was made, and as it is now. */
export type Edited = { readonly created: Entries; readonly now: Entries };

/** `entries` with what was edited in other revisions, the oldest first; where that conflicts, `policy` says who lies beside. */
export function withEdits(entries: Entries, revisions: readonly Edited[], policy: 'keep' | 'new'): Entries {
  return revisions.reduce((theirs, { created, now }) => {
    const sides = { base: created, mine: now, theirs };
    return settleFiles({ ...sides, how: new Map(), policy, exact: null, choices: new Map() }).entries;
  }, entries);
}

/** `created` without the files that were edited in other revisions: they differ from how anybody shipped them. */
export function editedSince(created: Entries, revisions: readonly Edited[]): Entries {
  return new Map(
    [...created].filter(([name]) =>
      revisions.every((one) => digest(one.created.get(name)) === digest(one.now.get(name))),
    ),
  );
}
