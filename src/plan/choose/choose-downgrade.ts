import {
  bundleTitle,
  type Cause,
  compareVersions,
  type Facts,
  type NameRange,
  type Request,
} from '../../model/index.ts';
import { type Member, membersOf, notThere } from '../member.ts';
import { rulesFor } from '../relations/find-problems.ts';
import { requestWords } from '../request-words.ts';
import { type Choice, refuse, target } from '../target.ts';
import { askedAndRemoved } from './asked-and-removed.ts';
import { hintFor, offeredMembers, sameNameTwice, unknownName } from './choose-install.ts';
import { findBundles, isAskedFor } from './find-bundles.ts';
import { nearestMembers, type Slot, searchMembers } from './search-members.ts';

type Downgrade = Extract<Request, { kind: 'downgrade' }>;

/** The installed set with the bundles given, or the newest kept ones below the installed, and without those to be removed. */
export function chooseDowngrade(request: Downgrade, facts: Facts): Choice {
  const installed = membersOf(facts.current, facts);
  const offered = offeredMembers(request.digests, facts);
  const slots = withOthers(
    request.names.map((name) => slotFor(name, installed, facts)),
    offered,
    { request, installed, facts },
  );
  const missing = [
    ...request.names.flatMap((name, at) => noCandidate(name, slots[at], installed, facts)),
    ...notThere(request.remove, installed),
  ];
  if (missing.length > 0)
    return refuse(
      'not-installed',
      missing,
      hintFor([...request.names.map(({ name }) => name), ...request.remove], facts),
    );
  const best = [...offered, ...slots.flatMap((slot) => slot.candidates.slice(0, 1))];
  const requested = best.map((member) => member.id.name);
  const wrong =
    sameNameTwice(best) ??
    askedAndRemoved(requested, request.remove) ??
    refuseNotLower(best, installed, { request, facts });
  if (wrong !== null) return wrong;

  const start = {
    members: installed.filter(({ id }) => !requested.includes(id.name) && !request.remove.includes(id.name)),
    slots: [...offered.map((member) => ({ name: member.id.name, candidates: [member] })), ...slots],
    kept: requested,
    barred: request.remove,
  };
  const rules = rulesFor(request.overrides, facts);
  return target(searchMembers(start, rules) ?? nearestMembers(start, rules), requested);
}

type Among = { readonly request: Downgrade; readonly installed: readonly Member[]; readonly facts: Facts };

/** With a bundle that goes down, higher versions and new bundles may come if they were asked for by number. */
function withOthers(
  slots: readonly Slot[],
  offered: readonly Member[],
  { request, installed, facts }: Among,
): readonly Slot[] {
  const before = (member: Member) => installed.find((old) => old.id.name === member.id.name);
  const best = [...offered, ...slots.flatMap((slot) => slot.candidates.slice(0, 1))];
  if (!best.some((member) => isBelow(member, before(member)))) return slots;
  return slots.map((slot, at) => {
    const range = request.names[at]?.range ?? null;
    if (slot.candidates.length > 0 || range === null) return slot;
    const asked = findBundles(slot.name, facts).filter((bundle) => isAskedFor(bundle, range));
    return { ...slot, candidates: asked.map((bundle) => ({ ...bundle, explicit: true })) };
  });
}

function slotFor({ name, range }: NameRange, installed: readonly Member[], facts: Facts): Slot {
  const old = installed.find((member) => member.id.name === name);
  const candidates = findBundles(name, facts)
    .filter((bundle) => isAskedFor(bundle, range) && isBelow(bundle, old))
    .map((bundle) => ({ ...bundle, explicit: old?.explicit ?? true }));
  return { name, candidates };
}

function noCandidate(
  { name, range }: NameRange,
  slot: Slot | undefined,
  installed: readonly Member[],
  facts: Facts,
): readonly Cause[] {
  if (slot !== undefined && slot.candidates.length > 0) return [];
  const old = installed.find((member) => member.id.name === name);
  if (old === undefined) return notThere([name], installed);
  const isKept = findBundles(name, facts).some((bundle) => isAskedFor(bundle, range));
  if (!isKept) return [{ message: unknownName(name, range, facts) }];
  return [
    { message: `no ${range === null ? name : `${name} ${range}`} below the installed ${old.id.version} is kept` },
  ];
}

/** A downgrade may upgrade or add other bundles, but must take at least one down. */
function refuseNotLower(
  best: readonly Member[],
  installed: readonly Member[],
  { request, facts }: { readonly request: Downgrade; readonly facts: Facts },
): Choice | null {
  const others = best.filter((member) => !installed.some((old) => old.id.digest === member.id.digest));
  const before = (member: Member) => installed.find((old) => old.id.name === member.id.name);
  if (others.length === 0 || others.some((member) => isBelow(member, before(member)))) return null;
  const absent = notThere(
    others.map((member) => member.id.name),
    installed,
  );
  if (absent.length > 0)
    return refuse('not-installed', absent, `to have it at all: pkg install ${requestWords(request, facts)}`);
  const causes = others.map((member) => ({
    message: `${bundleTitle(member.id)} is not below the installed ${before(member)?.id.version}`,
  }));
  return refuse('usage', causes, `to go up: pkg install ${requestWords(request, facts)}`);
}

function isBelow(bundle: Pick<Member, 'id'>, old: Member | undefined): boolean {
  return old !== undefined && compareVersions(bundle.id.version, old.id.version) < 0;
}
