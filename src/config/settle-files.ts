import { conflict, decideFile, type Settled } from './decide-file.ts';
import { mergeTexts } from './merge-text.ts';
import { bytesOf, digest, type Entries, type Entry } from './revision-entry.ts';
import type { How } from './shipped.ts';
import { withoutClashes } from './without-clashes.ts';

/** All three sides of a configuration, and what to do where they differ. */
export type Settling = {
  /** What was shipped before; on the way back, the live revision as it was made. */
  readonly base: Entries;
  readonly mine: Entries;
  readonly theirs: Entries;
  readonly how: ReadonlyMap<string, How>;
  readonly policy: 'keep' | 'new';
  /** Take `theirs` byte for byte, and keep what was edited since beside it with this suffix. */
  readonly exact: string | null;
  readonly choices: ReadonlyMap<string, Choice>;
};

/** What an operator decided about one file, as it was then: to take a side, or a text made from both. */
export type Choice = 'keep' | 'new' | { readonly content: Buffer; readonly writtenFor: string };

/** What happened to one file, for the operator; `beside` = the name under which the other side is kept. */
export type FileOutcome = {
  readonly path: string;
  readonly outcome: 'kept' | 'new' | 'merged' | 'conflict' | 'removed';
  readonly beside?: string;
  /** Both sides changed it, and only the operator can know which to take. */
  readonly isContested?: true;
};

/** Decides every file of a configuration (docs/config-files.md); pure, so that the result can be shown beforehand. */
export function settleFiles(settling: Settling): {
  readonly entries: Entries;
  readonly outcomes: readonly FileOutcome[];
} {
  const { base, mine, theirs, exact } = settling;
  const entries = new Map<string, Entry>();
  const names = [...new Set([...mine.keys(), ...base.keys(), ...theirs.keys()])].toSorted();
  const outcomes = names.flatMap((name): readonly FileOutcome[] => {
    // What an earlier change put beside a file gives way to what this change puts there.
    if (entries.has(name)) return [];
    const sides = { base: base.get(name), mine: mine.get(name), theirs: theirs.get(name) };
    const one = { entries, reserved: mine, name, sides };
    const outcome = exact === null ? settle(one, settling) : restore(one, exact);
    return outcome === null ? [] : [{ path: name, ...outcome }];
  });
  return withoutClashes(entries, outcomes, mine);
}

type ThreeSides = {
  readonly base: Entry | undefined;
  readonly mine: Entry | undefined;
  readonly theirs: Entry | undefined;
};

/** One file, and the revision that is being made; `reserved` = names of files that the operator has. */
type Case = {
  readonly entries: Map<string, Entry>;
  readonly reserved: Entries;
  readonly name: string;
  readonly sides: ThreeSides;
};

type Outcome = Omit<FileOutcome, 'path'> | null;

function settle(one: Case, { how, policy, choices }: Settling): Outcome {
  const { base, mine, theirs } = one.sides;
  const declared = how.get(one.name) ?? 'three-way';
  const decision = decideFile({ base: digest(base), mine: digest(mine), theirs: digest(theirs) }, declared);
  if (decision.take !== 'merge') return put(one, decision);
  const merged = mergeTexts(bytesOf(base), bytesOf(mine), bytesOf(theirs));
  if (merged === null || mine === undefined) return contest(one, policy, choices.get(one.name));
  one.entries.set(one.name, withMode({ ...mine, content: { bytes: Buffer.from(merged) } }, one.sides));
  return { outcome: 'merged' };
}

/** The operator's own answer where there is one, else the policy. */
function contest(one: Case, policy: 'keep' | 'new', choice: Choice | undefined): Outcome {
  const { mine } = one.sides;
  if (choice === undefined || typeof choice === 'string' || mine === undefined) {
    return {
      ...put(one, conflict(typeof choice === 'string' ? choice : policy)),
      outcome: 'conflict',
      isContested: true,
    };
  }
  const written = withMode({ ...mine, content: { bytes: choice.content }, link: null }, one.sides);
  if (digest(mine) === choice.writtenFor) {
    one.entries.set(one.name, written);
    return { outcome: 'merged', beside: putBeside(one, mine, 'pkg-old') };
  }
  // The file was edited again after the operator's answer: the newer edit stays in use.
  one.entries.set(one.name, mine);
  return { outcome: 'conflict', beside: putBeside(one, written, 'pkg-merged') };
}

function put(one: Case, decision: Settled): Outcome {
  const { entries, name, sides } = one;
  const taken = decision.take === 'nothing' ? undefined : sides[decision.take];
  if (taken !== undefined) entries.set(name, withMode(taken, sides));
  const other = decision.beside && sides[decision.beside];
  if (other !== undefined) {
    const suffix = decision.beside === 'theirs' ? 'pkg-new' : 'pkg-old';
    return { outcome: taken === undefined ? 'removed' : 'conflict', beside: putBeside(one, other, suffix) };
  }
  if (decision.take === 'nothing') return sides.mine === undefined ? null : { outcome: 'removed' };
  return { outcome: decision.take === 'mine' ? 'kept' : 'new' };
}

function restore(one: Case, suffix: string): Outcome {
  const { base, mine, theirs } = one.sides;
  if (theirs !== undefined) one.entries.set(one.name, theirs);
  const isEdited = mine !== undefined && digest(mine) !== digest(theirs) && digest(mine) !== digest(base);
  return isEdited ? { outcome: 'conflict', beside: putBeside(one, mine, suffix) } : { outcome: 'new' };
}

/** Mode and owner stay if an operator chose them, else follow the bundle. A file with a secret is always private. */
function withMode(entry: Entry, { base, mine, theirs }: ThreeSides): Entry {
  if (theirs === undefined || entry.link !== null || theirs.link !== null) return entry;
  const narrowed = theirs.isSecret === true ? 0o700 : 0o7777;
  if (mine === undefined || mine.link !== null) return { ...entry, mode: entry.mode & narrowed };
  const hasChosenMode = base === undefined || mine.mode !== base.mode;
  const hasChosenOwner = base === undefined || mine.uid !== base.uid || mine.gid !== base.gid;
  const { uid, gid } = hasChosenOwner ? mine : theirs;
  return { ...entry, mode: (hasChosenMode ? mine : theirs).mode & narrowed, uid, gid };
}

/** What a bundle shipped may be overwritten by a newer one; what an operator wrote is never overwritten. */
function putBeside(one: Case, entry: Entry, suffix: string): string {
  for (let n = 1; ; n++) {
    const candidate = `${one.name}.${suffix}${n === 1 ? '' : `.${n}`}`;
    if (one.entries.has(candidate) || !isFree(one, candidate, suffix)) continue;
    one.entries.set(candidate, entry);
    return candidate;
  }
}

function isFree({ reserved, sides }: Case, candidate: string, suffix: string): boolean {
  const there = reserved.get(candidate);
  return there === undefined || (suffix === 'pkg-new' && digest(there) === digest(sides.base));
}
