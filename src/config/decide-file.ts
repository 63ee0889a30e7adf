/** What becomes of one file. `beside` keeps the side that lost under a visible name. */
export type FileDecision = Settled | { readonly take: 'merge' };

/** A decision that does not depend on the texts. */
export type Settled = { readonly take: 'nothing' | 'mine' | 'theirs'; readonly beside?: 'mine' | 'theirs' };

/** The content of one file on each side, as a digest; null = not there. */
export type Sides = { readonly base: string | null; readonly mine: string | null; readonly theirs: string | null };

/** The table of docs/config-files.md: `base` was shipped before, `mine` is the present file, `theirs` the new one. */
export function decideFile(sides: Sides, how: 'three-way' | 'keep' | 'replace'): FileDecision {
  const { base, mine, theirs } = sides;
  // on neither side any more, or new
  if (mine === null && base === null) return { take: theirs === null ? 'nothing' : 'theirs' };
  // deleted by the operator: stays deleted, whatever the bundle ships
  if (mine === null) return { take: 'nothing' };
  // never edited: follows the bundle, even when the bundle drops it
  if (mine === base) return { take: theirs === null ? 'nothing' : 'theirs' };
  // both sides made the same change, or the bundle made none
  if (mine === theirs || theirs === base) return { take: 'mine' };
  // the bundle drops an edited file; without a base the operator added it, and it stays
  if (theirs === null) return base === null ? { take: 'mine' } : { take: 'nothing', beside: 'mine' };
  if (how === 'keep') return { take: 'mine', beside: 'theirs' };
  if (how === 'replace') return { take: 'theirs', beside: 'mine' };
  // also without a base: nothing to merge by, so it is a conflict
  return { take: 'merge' };
}

/** The sides differ: the policy chooses one, and the other is kept beside it. */
export function conflict(policy: 'keep' | 'new'): Settled {
  return policy === 'keep' ? { take: 'mine', beside: 'theirs' } : { take: 'theirs', beside: 'mine' };
}
