/** What becomes of one file. `beside` keeps the side that lost under a visible name. */
export type FileDecision = Settled | { readonly take: 'merge' };

/** A decision that needs no look into the texts. */
export type Settled = { readonly take: 'nothing' | 'mine' | 'theirs'; readonly beside?: 'mine' | 'theirs' };

/** The content of one file on each side, as a digest; null = not there. */
export type Sides = { readonly base: string | null; readonly mine: string | null; readonly theirs: string | null };

/** The table of docs/config-files.md: `base` was shipped before, `mine` is there now, `theirs` comes. */
export function decideFile(sides: Sides, how: 'three-way' | 'keep' | 'replace'): FileDecision {
  const { base, mine, theirs } = sides;
  // nobody has it any more, or it arrives for the first time
  if (mine === null && base === null) return { take: theirs === null ? 'nothing' : 'theirs' };
  // deleted by the operator: stays deleted, whatever comes
  if (mine === null) return { take: 'nothing' };
  // never edited: follow the bundle, also out of it
  if (mine === base) return { take: theirs === null ? 'nothing' : 'theirs' };
  // both sides came to the same, or the bundle did not change it
  if (mine === theirs || theirs === base) return { take: 'mine' };
  // leaves the bundle with edits in it; without a base the operator added it and it simply stays
  if (theirs === null) return base === null ? { take: 'mine' } : { take: 'nothing', beside: 'mine' };
  if (how === 'keep') return { take: 'mine', beside: 'theirs' };
  if (how === 'replace') return { take: 'theirs', beside: 'mine' };
  // also without a base: then there is nothing to merge by, and it is contested
  return { take: 'merge' };
}

/** Both sides want something else: the policy chooses, the other side stays beside it. */
export function conflict(policy: 'keep' | 'new'): Settled {
  return policy === 'keep' ? { take: 'mine', beside: 'theirs' } : { take: 'theirs', beside: 'mine' };
}
