import {
  bundleTitle,
  type Cause,
  compareVersions,
  type Facts,
  isPrerelease,
  type KnownBundle,
  type NameRange,
  quoted,
  type Request,
} from '../../model/index.ts';
import { type Member, membersOf, notThere } from '../member.ts';
import { rulesFor } from '../relations/find-problems.ts';
import { type Choice, refuse, refuseOne, target } from '../target.ts';
import { askedAndRemoved } from './asked-and-removed.ts';
import { findBundles, isAskedFor, isInPin } from './find-bundles.ts';
import { nameHint } from './name-hint.ts';
import { nearestMembers, type Slot, searchMembers } from './search-members.ts';

type Install = Extract<Request, { kind: 'install' }>;

/** The offered bundles and the kept ones asked for by name, in place of what is installed under these names. */
export function chooseInstall(request: Install, facts: Facts): Choice {
  const installed = membersOf(facts.current, facts);
  const offered = withoutStops(offeredMembers(request.digests, facts), installed);
  const slots = request.names.map((name) => slotFor(name, installed, facts));
  const wrong = sameNameTwice([...offered, ...slots.flatMap((slot) => slot.candidates.slice(0, 1))]);
  if (wrong !== null) return wrong;
  const unknown = [...unknownNames(request.names, slots, facts), ...notThere(request.remove, installed)];
  if (unknown.length > 0)
    return refuse(
      'not-installed',
      unknown,
      hintFor([...request.names.map(({ name }) => name), ...request.remove], facts),
    );

  const requested = [...offered.map((member) => member.id.name), ...slots.map((slot) => slot.name)];
  const contrary = askedAndRemoved(requested, request.remove);
  if (contrary !== null) return contrary;
  const leaves = [...requested, ...request.remove];
  const staying = installed.filter((member) => !leaves.includes(member.id.name));
  const start = {
    members: staying,
    slots: [...offered.map((member) => ({ name: member.id.name, candidates: [member] })), ...slots],
    kept: requested,
    barred: request.remove,
  };
  const rules = rulesFor(request.overrides, facts);
  return target(searchMembers(start, rules) ?? nearestMembers(start, rules), requested);
}

/** The archives on the command line; what is given as a file is asked for. */
export function offeredMembers(digests: readonly string[], facts: Facts): readonly Member[] {
  return [...new Set(digests)]
    .flatMap((digest) => facts.known.get(digest) ?? [])
    .map((bundle) => ({ ...bundle, explicit: true }));
}

/** Of several versions above the installed one, the highest is the target and the others are possible stops. */
function withoutStops(offered: readonly Member[], installed: readonly Member[]): readonly Member[] {
  return offered.filter((member) => {
    const old = installed.find(({ id }) => id.name === member.id.name);
    const isAboveOld = old !== undefined && isAbove(member, old);
    return !isAboveOld || !offered.some((other) => other.id.name === member.id.name && isAbove(other, member));
  });
}

function isAbove(member: Member, other: Member): boolean {
  return compareVersions(member.id.version, other.id.version) > 0;
}

/** A refusal when two bundles of one name are asked for, else null. */
export function sameNameTwice(members: readonly Member[]): Choice | null {
  const twice = members.find((member, at) => members.findIndex((other) => other.id.name === member.id.name) < at);
  if (twice === undefined) return null;
  const both = members.filter((member) => member.id.name === twice.id.name).map((member) => bundleTitle(member.id));
  return refuseOne('conflict', `${both.join(' and ')} cannot be in one generation`, `give one ${twice.id.name} only`);
}

function slotFor({ name, range }: NameRange, installed: readonly Member[], facts: Facts): Slot {
  const known = findBundles(name, facts).filter((bundle) => isAskedFor(bundle, range));
  const old = installed.find((member) => member.id.name === name);
  const notLower = known.filter((bundle) => range !== null || !isBelow(bundle, old));
  const inPin = notLower.filter((bundle) => isInPin(bundle, facts));
  const best = inPin.length > 0 ? inPin : notLower;
  return { name, candidates: releasesFirst(best).map((bundle) => ({ ...bundle, explicit: true })) };
}

/** A prerelease is only chosen if it was asked for, or if there is nothing else. */
function releasesFirst(bundles: readonly KnownBundle[]): readonly KnownBundle[] {
  return bundles.toSorted((a, b) => Number(isPrerelease(a.id.version)) - Number(isPrerelease(b.id.version)));
}

function isBelow(bundle: KnownBundle, old: Member | undefined): boolean {
  return old !== undefined && compareVersions(bundle.id.version, old.id.version) < 0;
}

function unknownNames(names: readonly NameRange[], slots: readonly Slot[], facts: Facts): readonly Cause[] {
  return names
    .filter((_, at) => slots[at]?.candidates.length === 0)
    .map(({ name, range }) => ({ message: unknownName(name, range, facts) }));
}

/** A refusal if one of these names is neither installed nor kept. */
export function hintFor(names: readonly string[], facts: Facts): string {
  const known = [...facts.known.values()].map(({ id }) => id.name);
  return nameHint(names, known, 'pkg list --all shows what is installed and kept');
}

/** `no perl >=6 is kept; there is perl 5.8.0 and 5.6.0` */
export function unknownName(name: string, range: string | null, facts: Facts): string {
  const versions = findBundles(name, facts).map((bundle) => bundle.id.version);
  if (versions.length === 0) return `nothing installed or kept goes by the name ${quoted(name)}`;
  return `no ${name}${range === null ? '' : ` ${range}`} is kept; there is ${name} ${versions.join(' and ')}`;
}
