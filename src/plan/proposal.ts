import type { Change, Facts, Request } from '../model/index.ts';
import { compareVersions } from '../model/index.ts';
import { replaces } from './choose/search-members.ts';
import { byName, type Member, membersOf } from './member.ts';
import { orderBundles } from './relations/order-bundles.ts';
import { areLost } from './settings/lost.ts';
import { type Settled, sameSettings, settleSettings } from './settings/of-members.ts';
import { resolveSettings } from './settings/resolve.ts';
import type { Target } from './target.ts';

/** A bundle that comes in a version not installed yet, and what it takes the place of. */
export type Entering = {
  readonly member: Member;
  readonly change: Change;
  /** The version it follows under the same name. */
  readonly before: Member | null;
  /** The bundle of another name whose place it takes. */
  readonly replaced: Member | null;
};

/** A bundle that leaves, and the one that takes its place. */
export type Leaving = { readonly member: Member; readonly change: Change; readonly inFavour: Member | null };

/** The way from the live generation to the new one: everything that checks and steps depend on. */
export type Proposal = {
  readonly request: Request;
  readonly facts: Facts;
  readonly target: Target;
  readonly installed: readonly Member[];
  /** The whole resulting set, dependencies first. */
  readonly members: readonly Member[];
  /** Dependencies first. */
  readonly entering: readonly Entering[];
  /** Dependents first. */
  readonly leaving: readonly Leaving[];
  /** Installed as a dependency only, and now asked for. */
  readonly nowExplicit: readonly Member[];
  /** The settings of every member that declares some. */
  readonly settled: readonly Settled[];
  /** Members whose version stays while their settings change. */
  readonly reconfigured: readonly Member[];
};

/** Compares the live generation with a target. */
export function propose(request: Request, target: Target, facts: Facts): Proposal {
  const installed = membersOf(facts.current, facts);
  const members = orderBundles(target.members, target.requested);
  const leaving = orderBundles(installed)
    .toReversed()
    .filter((old) => !members.some((member) => member.id.name === old.id.name))
    .map((old) => leave(old, members, installed));
  const entering = members.flatMap((member) => enter(member, installed, leaving));
  const nowExplicit = members.filter((member) => member.explicit && wasDependency(member, installed));
  const successor = (member: Member) => entering.find((one) => one.member === member)?.replaced?.id.name ?? null;
  const settled = settleSettings(request, facts, { members, restores: target.restores }, successor);
  const reconfigured = settled.filter((one) => isReconfigured(one, entering, facts)).map(({ member }) => member);
  return { request, facts, target, installed, members, entering, leaving, nowExplicit, settled, reconfigured };
}

function leave(member: Member, members: readonly Member[], installed: readonly Member[]): Leaving {
  const isInstalled = (other: Member) => installed.some((old) => old.id.digest === other.id.digest);
  const coming = members.filter((other) => !isInstalled(other));
  const inFavour =
    coming.find((other) => replaces(other, member)) ??
    // On the way back the one that was replaced takes its place again.
    firstInLine(coming.filter((other) => replaces(member, other)));
  const { name, version } = member.id;
  return { member, inFavour, change: { name, from: version, to: null, direction: 'remove', class: 'none' } };
}

function enter(member: Member, installed: readonly Member[], leaving: readonly Leaving[]): readonly Entering[] {
  const { name, version, digest } = member.id;
  const before = installed.find((old) => old.id.name === name) ?? null;
  if (before?.id.digest === digest) return [];
  const replaced = firstInLine(leaving.flatMap((old) => (old.inFavour?.id.name === name ? [old.member] : [])));
  const from = before?.id.version ?? null;
  return [
    {
      member,
      before,
      replaced,
      change: { name, from, to: version, direction: direction(from, version), class: 'none' },
    },
  ];
}

/** Of several replaced bundles, the one whose data is taken over; the same on the way back. */
function firstInLine(members: readonly Member[]): Member | null {
  const sorted = byName(members);
  return sorted.find(({ manifest }) => manifest.data?.directory === true) ?? sorted[0] ?? null;
}

function isReconfigured({ member, live, resolved }: Settled, entering: readonly Entering[], facts: Facts): boolean {
  if (entering.some((one) => one.member === member)) return false;
  // Nobody knows what it runs with: also those that are the defaults are new.
  if (areLost(member.id.name, facts.current?.number ?? null, facts)) return true;
  return !sameSettings(live ?? resolveSettings(member.manifest, {}, {}).values, resolved.values);
}

function wasDependency(member: Member, installed: readonly Member[]): boolean {
  return installed.some((old) => old.id.digest === member.id.digest && !old.explicit);
}

function direction(from: string | null, to: string): Change['direction'] {
  if (from === null) return 'add';
  const order = compareVersions(from, to);
  if (order === 0) return 'rebuild';
  return order < 0 ? 'up' : 'down';
}
