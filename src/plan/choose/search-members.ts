import { inRange, type KnownBundle } from '../../model/index.ts';
import { compareText, type Member } from '../member.ts';
import { findProblems, type Problem, type Rules } from '../relations/find-problems.ts';
import { namesOf } from '../relations/index-providers.ts';
import { findBundles, isInPin } from './find-bundles.ts';

/** A member still to be chosen; candidates come best first. */
export type Slot = { readonly name: string; readonly candidates: readonly Member[] };

/** Where a search begins: members that stay as they are, and those to be chosen. */
type Start = {
  readonly members: readonly Member[];
  readonly slots: readonly Slot[];
  /** Names that no `replaces` may take the place of, because the operator asked for them. */
  readonly kept: readonly string[];
  /** Names that may not come in, because the operator removes them. */
  readonly barred: readonly string[];
};

/** After this many tries the answer is "not found": a refusal is better than no answer at all. */
const MOST_TRIES = 20_000;

/**
 * The first set, in the order of slots and candidates, that satisfies everything; missing dependencies are added
 * from the known bundles. null when there is none.
 */
export function searchMembers(start: Start, rules: Rules): readonly Member[] | null {
  return firstOfEach(start, rules) ?? search(start, rules);
}

/** The best of each is nearly always right: if it is, no pairs have to be compared. */
function firstOfEach(start: Start, rules: Rules): readonly Member[] | null {
  const best = start.slots.flatMap(({ candidates }) => candidates.slice(0, 1));
  const members = [...start.members, ...best];
  const names = new Set(members.map(({ id }) => id.name));
  const isAnyReplaced = best.some(({ manifest }) => Object.keys(manifest.replaces ?? {}).some((old) => names.has(old)));
  const isEachOnce = best.length === start.slots.length && names.size === members.length;
  return isEachOnce && !isAnyReplaced && findProblems(members, rules).length === 0 ? members : null;
}

function search(start: Start, rules: Rules): readonly Member[] | null {
  let tries = 0;

  const choose = (members: readonly Member[], at: number): readonly Member[] | null => {
    const slot = start.slots[at];
    if (slot === undefined) return complete(members);
    return firstOf(slot.candidates, members, (next) => choose(next, at + 1));
  };

  const complete = (members: readonly Member[]): readonly Member[] | null => {
    const [problem] = findProblems(members, rules);
    if (problem === undefined) return members;
    return firstOf(candidatesFor(problem, { ...start, members }, rules), members, complete);
  };

  const firstOf = (
    candidates: readonly Member[],
    members: readonly Member[],
    goOn: (members: readonly Member[]) => readonly Member[] | null,
  ): readonly Member[] | null => {
    for (const candidate of candidates) {
      tries += 1;
      if (tries > MOST_TRIES) return null;
      if (!canJoin(candidate, members, rules)) continue;
      const found = goOn(addMember(candidate, { ...start, members }, rules));
      if (found !== null) return found;
    }
    return null;
  };

  return choose(start.members, 0);
}

/** The set that comes closest without a search: what a refusal is explained with. */
export function nearestMembers(start: Start, rules: Rules): readonly Member[] {
  let members = start.members;
  for (const slot of start.slots) {
    const [best] = slot.candidates;
    if (best !== undefined) members = addMember(best, { ...start, members }, rules);
  }
  for (;;) {
    const [missing] = findProblems(members, rules).flatMap((problem) =>
      candidatesFor(problem, { ...start, members }, rules),
    );
    if (missing === undefined) return members;
    members = addMember(missing, { ...start, members }, rules);
  }
}

/** With `candidate` in and what it replaces out; it is explicit if the old one was. */
export function addMember(
  candidate: Member,
  { members, kept }: Pick<Start, 'members' | 'kept'>,
  rules: Rules,
): readonly Member[] {
  // If it is already live beside the other, somebody wanted both.
  if (candidate.manifest.replaces === undefined || isLive(candidate, rules)) return [...members, candidate];
  const isReplaced = (member: Member) => replaces(candidate, member) && !kept.includes(member.id.name);
  const explicit = candidate.explicit || members.some((member) => member.explicit && isReplaced(member));
  return [...members.filter((member) => !isReplaced(member)), { ...candidate, explicit }];
}

function isLive(member: Member, { facts }: Rules): boolean {
  return facts.current?.bundles.some((bundle) => bundle.digest === member.id.digest) ?? false;
}

/** Whether a bundle declares that it takes the place of another. */
export function replaces(bundle: Pick<KnownBundle, 'id' | 'manifest'>, old: Pick<KnownBundle, 'id'>): boolean {
  const range = bundle.manifest.replaces?.[old.id.name];
  return range !== undefined && bundle.id.name !== old.id.name && inRange(old.id.version, range);
}

/** Known bundles that answer to a missing name; an installed one of the wrong version is never changed here. */
function candidatesFor(problem: Problem, { members, barred }: Start, rules: Rules): readonly Member[] {
  if (problem.kind !== 'depends' || problem.found.length > 0 || problem.name === 'pkg') return [];
  const taken = new Set([...barred, ...members.map((member) => member.id.name)]);
  const isReplaced = (bundle: KnownBundle) => members.some((member) => replaces(member, bundle));
  return providerNames(problem.name, rules)
    .filter((name) => !taken.has(name))
    .flatMap((name) => findBundles(name, rules.facts))
    .filter((bundle) => isInPin(bundle, rules.facts) && answers(bundle, problem) && !isReplaced(bundle))
    .map((bundle) => ({ ...bundle, explicit: false }));
}

/** Bundles of the name itself before those that only provide it. */
function providerNames(name: string, rules: Rules): readonly string[] {
  const names = (rules.known.get(name) ?? []).map(({ bundle }) => bundle.id.name).toSorted(compareText);
  return [...new Set([name, ...names])];
}

function answers(bundle: KnownBundle, problem: Problem): boolean {
  return namesOf(bundle).some(([name, version]) => name === problem.name && inRange(version, problem.range));
}

/** A cheap look ahead: false only if no later choice could make these two compatible. */
function canJoin(candidate: Member, members: readonly Member[], rules: Rules): boolean {
  return (
    couldBeMet(candidate, rules) &&
    members.every(
      (member) =>
        member.id.name !== candidate.id.name && agrees(candidate, member, rules) && agrees(member, candidate, rules),
    )
  );
}

/** Whether each of its dependencies has a candidate at all; what is already live is not checked again. */
function couldBeMet(candidate: Member, rules: Rules): boolean {
  if (isLive(candidate, rules)) return true;
  return findProblems([candidate], rules).every(
    ({ kind, name, range }) =>
      kind === 'conflicts' || (rules.known.get(name) ?? []).some((provider) => inRange(provider.version, range)),
  );
}

/** Whether what `bundle` declares about the name of `other` holds, or another bundle may still answer to that name. */
function agrees(bundle: Member, other: Member, rules: Rules): boolean {
  const { depends, conflicts } = bundle.manifest;
  const { name } = other.id;
  if (depends?.[name] === undefined && conflicts?.[name] === undefined) return true;
  if (providerNames(name, rules).length > 1) return true;
  return findProblems([bundle, other], rules).every((problem) => problem.bundle !== bundle || problem.name !== name);
}
