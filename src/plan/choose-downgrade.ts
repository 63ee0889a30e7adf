import { bundleTitle, type Cause, compareVersions, type Facts, type NameRange, type Request } from '../model/index.ts';
import { offeredMembers, sameNameTwice, unknownName } from './choose-install.ts';
import { findBundles, isAskedFor } from './find-bundles.ts';
import { rulesFor } from './find-problems.ts';
import { type Member, membersOf, notThere } from './member.ts';
import { nearestMembers, type Slot, searchMembers } from './search-members.ts';
import { type Choice, refuse, target } from './target.ts';

type Downgrade = Extract<Request, { kind: 'downgrade' }>;

/** The bundles given, or the newest kept ones below the installed, instead of what is installed. */
export function chooseDowngrade(request: Downgrade, facts: Facts): Choice {
  const installed = membersOf(facts.current, facts);
  const offered = offeredMembers(request.digests, facts);
  const requested = [...offered.map((member) => member.id.name), ...request.names.map(({ name }) => name)];
  const absent = notThere(requested, installed);
  if (absent.length > 0) return refuse('not-installed', absent, 'pkg list shows what is installed');

  const slots = request.names.map((name) => slotFor(name, installed, facts));
  const missing = request.names.flatMap((name, at) => noCandidate(name, slots[at], installed, facts));
  if (missing.length > 0) return refuse('not-installed', missing, 'pkg list --all shows what is kept');
  const best = [...offered, ...slots.flatMap((slot) => slot.candidates.slice(0, 1))];
  const wrong = sameNameTwice(best) ?? refuseHigher(best, installed);
  if (wrong !== null) return wrong;

  const start = {
    members: installed.filter((member) => !requested.includes(member.id.name)),
    slots: [...offered.map((member) => ({ name: member.id.name, candidates: [member] })), ...slots],
    kept: requested,
    barred: [],
  };
  const rules = rulesFor(request.overrides, facts);
  return target(searchMembers(start, rules) ?? nearestMembers(start, rules), requested);
}

function slotFor({ name, range }: NameRange, installed: readonly Member[], facts: Facts): Slot {
  const old = installed.find((member) => member.id.name === name);
  const candidates = findBundles(name, facts)
    .filter((bundle) => isAskedFor(bundle, range) && old !== undefined && isBelow(bundle, old))
    .map((bundle) => ({ ...bundle, explicit: old?.explicit ?? true }));
  return { name, candidates };
}

function noCandidate({ name, range }: NameRange, slot: Slot | undefined, installed: readonly Member[], facts: Facts) {
  if (slot !== undefined && slot.candidates.length > 0) return [];
  const old = installed.find((member) => member.id.name === name);
  const isKept = findBundles(name, facts).some((bundle) => isAskedFor(bundle, range));
  const message =
    isKept && old !== undefined
      ? `no ${name} below the installed ${old.id.version} is kept`
      : unknownName(name, range, facts);
  return [{ message }] satisfies readonly Cause[];
}

/** A downgrade may take others up with it, but not lead nowhere but up. */
function refuseHigher(best: readonly Member[], installed: readonly Member[]): Choice | null {
  const moves = best.flatMap((member) => {
    const old = installed.find((other) => other.id.name === member.id.name);
    return old === undefined ? [] : [{ member, old, order: compareVersions(member.id.version, old.id.version) }];
  });
  const higher = moves.filter(({ order }) => order > 0);
  if (higher.length === 0 || moves.some(({ order }) => order < 0)) return null;
  return refuse(
    'usage',
    higher.map(({ member, old }) => ({
      message: `${bundleTitle(member.id)} is above the installed ${old.id.version}`,
    })),
    'to go up: pkg install',
  );
}

function isBelow(bundle: Pick<Member, 'id'>, old: Member): boolean {
  return compareVersions(bundle.id.version, old.id.version) < 0;
}
