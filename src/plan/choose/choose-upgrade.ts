import {
  bundleTitle,
  compareVersions,
  type Facts,
  isPrerelease,
  type KnownBundle,
  type Request,
} from '../../model/index.ts';
import { type Member, membersOf, notThere } from '../member.ts';
import { findProblems, type Rules, rulesFor } from '../relations/find-problems.ts';
import { orderBundles } from '../relations/order-bundles.ts';
import { type Choice, refuse, target } from '../target.ts';
import { findBundles, isInPin } from './find-bundles.ts';
import { nameHint } from './name-hint.ts';
import { addMember, replaces, type Slot, searchMembers } from './search-members.ts';

type Upgrade = Extract<Request, { kind: 'upgrade' }>;

/** The newest known bundles that keep everything satisfied; what cannot move stays, and the notes say why. */
export function chooseUpgrade(request: Upgrade, facts: Facts): Choice {
  const installed = membersOf(facts.current, facts);
  const unknown = notThere(request.names, installed);
  if (unknown.length > 0) {
    const there = installed.map((member) => member.id.name);
    return refuse('not-installed', unknown, nameHint(request.names, there, 'pkg list shows what is installed'));
  }

  const isNamed = (member: Member) => request.names.length === 0 || request.names.includes(member.id.name);
  const moving = orderBundles(installed).filter(isNamed);
  const slots = moving.map((old) => slotFor(old, facts));
  const rules = rulesFor(request.overrides, facts);
  const members = moveTogether(installed, slots, rules) ?? moveOneByOne(installed, slots, rules);
  const stuck = slots.flatMap((slot) => whyStuck(slot, members, rules));
  const held = moving.flatMap((old) => whyHeld(old, facts));
  if (members.some((member) => !has(installed, member))) {
    return target(members, request.names, { notes: [...stuck, ...held] });
  }
  // Asked for by name although it cannot move: "nothing to do" would be untrue.
  if (request.names.length > 0 && stuck.length > 0) {
    return refuse(
      'dependency',
      stuck.map((message) => ({ message })),
      'let everything move that must: pkg upgrade',
    );
  }
  return { kind: 'nothing', because: [...stuck, ...held].join('; ') || 'nothing newer is known' };
}

/** Best first: what replaces it, then newer versions, and finally the installed one itself. */
function slotFor(old: Member, facts: Facts): Slot {
  const isHeld = facts.pins[old.id.name] !== undefined;
  const better = [...(isHeld ? [] : successors(old, facts)), ...newer(old, facts)]
    .filter((bundle) => isInPin(bundle, facts))
    .map((bundle) => ({ ...bundle, explicit: old.explicit }));
  return { name: old.id.name, candidates: [...better, old] };
}

function successors(old: Member, facts: Facts): readonly KnownBundle[] {
  const names = [...facts.known.values()].filter((bundle) => replaces(bundle, old)).map((bundle) => bundle.id.name);
  return [...new Set(names.toSorted())]
    .flatMap((name) => findBundles(name, facts))
    .filter((bundle) => replaces(bundle, old) && !isPrerelease(bundle.id.version));
}

/** Higher versions; prereleases only if one is installed. */
function newer(old: Member, facts: Facts): readonly KnownBundle[] {
  const takesPrereleases = isPrerelease(old.id.version);
  return findBundles(old.id.name, facts).filter(
    ({ id }) => compareVersions(id.version, old.id.version) > 0 && (takesPrereleases || !isPrerelease(id.version)),
  );
}

function moveTogether(installed: readonly Member[], slots: readonly Slot[], rules: Rules): readonly Member[] | null {
  const members = installed.filter((member) => !slots.some((slot) => slot.name === member.id.name));
  return searchMembers({ members, slots, kept: [], barred: [] }, rules);
}

/** A search that always ends soon: one bundle at a time, with the others as chosen so far. */
function moveOneByOne(installed: readonly Member[], slots: readonly Slot[], rules: Rules): readonly Member[] {
  return slots.reduce((members, slot) => moveTogether(members, [slot], rules) ?? members, installed);
}

function whyStuck(slot: Slot, members: readonly Member[], rules: Rules): readonly string[] {
  const [best] = slot.candidates;
  const chosen = members.find((member) => member.id.name === slot.name);
  if (best === undefined || chosen === undefined || best.id.digest === chosen.id.digest) return [];
  const others = members.filter((member) => member !== chosen);
  const [problem] = findProblems(addMember(best, { members: others, kept: [] }, rules), rules);
  const reason = problem?.message ?? `${bundleTitle(best.id)} does not fit`;
  return [`${slot.name} stays at ${chosen.id.version}: ${reason}`];
}

function whyHeld(old: Member, facts: Facts): readonly string[] {
  const [newest] = newer(old, facts);
  if (newest === undefined || isInPin(newest, facts)) return [];
  return [`${old.id.name} is pinned to ${facts.pins[old.id.name]}; ${newest.id.version} is known`];
}

function has(installed: readonly Member[], member: Member): boolean {
  return installed.some((old) => old.id.digest === member.id.digest);
}
