import { bundleTitle, compareVersions, type Facts, isPrerelease, type KnownBundle } from '../../model/index.ts';
import { findBundles, isInPin } from '../choose/find-bundles.ts';
import { searchMembers } from '../choose/search-members.ts';
import type { Member } from '../member.ts';
import type { Proposal } from '../proposal.ts';
import { bundleWord, requestWords } from '../request-words.ts';
import { findProblems, type Problem, rulesFor } from './find-problems.ts';
import { orderByDistance } from './order-by-distance.ts';

/** The request that would succeed: `install mod_perl 1.27.0 with it: pkg install perl-5.8.0.tgz mod_perl-1.27.0.tgz`. */
export function suggestRequest(proposal: Proposal, problems: readonly Problem[]): string | undefined {
  const extras = whatElseMoves(proposal);
  if (extras.length > 0) return withExtras(extras, proposal);
  const [problem] = problems;
  if (problem === undefined) return undefined;
  if (problem.name === 'pkg') return `upgrade pkg itself: ${bundleTitle(problem.bundle.id)} needs pkg ${problem.range}`;
  return problem.kind === 'conflicts' ? withoutOther(problem, proposal) : withUnknown(problem, proposal);
}

/** Known versions of other bundles with which the request would succeed; none when there is no such set. */
function whatElseMoves({ request, facts, target, installed }: Proposal): readonly Member[] {
  const isInstalled = (member: Member) => installed.some((old) => old.id.digest === member.id.digest);
  const isAsked = (member: Member) => target.requested.includes(member.id.name);
  const slots = orderByDistance(target.members, target.requested)
    .filter((member) => !isAsked(member) && isInstalled(member))
    .map((old) => ({ name: old.id.name, candidates: [old, ...others(old, facts, request.kind === 'downgrade')] }));
  const barred = request.kind === 'install' ? request.remove : [];
  const start = { members: target.members.filter(isAsked), slots, kept: target.requested, barred };
  const found = searchMembers(start, rulesFor(request.overrides, facts)) ?? [];
  return found.filter((member) => !isAsked(member) && !isInstalled(member));
}

/** Other known versions in the direction of the request. */
function others(old: Member, facts: Facts, goesDown: boolean): readonly Member[] {
  const isWanted = ({ id }: KnownBundle) => compareVersions(id.version, old.id.version) === (goesDown ? -1 : 1);
  return findBundles(old.id.name, facts)
    .filter((bundle) => isWanted(bundle) && !isPrerelease(bundle.id.version) && isInPin(bundle, facts))
    .map((bundle) => ({ ...bundle, explicit: old.explicit }));
}

function withExtras(extras: readonly Member[], proposal: Proposal): string {
  const titles = extras.map((member) => bundleTitle(member.id)).join(', ');
  return `install ${titles} with it: ${command(
    proposal,
    extras.map((member) => bundleWord(member, proposal.facts)),
  )}`;
}

/** One of two that exclude each other must go: the one that was not asked for. */
function withoutOther({ bundle, found }: Problem, proposal: Proposal): string {
  const { request, facts, members, target } = proposal;
  const both = [bundle, ...found.map((provider) => provider.bundle)].map(({ id }) => id.name);
  const leaving = both.filter((name) => !target.requested.includes(name));
  const left = members.filter((member) => !leaving.includes(member.id.name));
  if (leaving.length === 0 || findProblems(left, rulesFor(request.overrides, facts)).length > 0) {
    return `choose between ${both.join(' and ')}`;
  }
  return `remove ${leaving.join(', ')} with it: ${command(
    proposal,
    leaving.map((name) => `--remove ${name}`),
  )}`;
}

/** Nothing known would help: say what to look for, and what to do with it then. */
function withUnknown({ bundle, name, range, found }: Problem, proposal: Proposal): string {
  const isNew = proposal.entering.some(({ member }) => member.id.name === bundle.id.name);
  if (isNew) return `install ${name} ${range} with it: ${command(proposal, [`${name}-VERSION.tgz`])}`;
  const version = found[0]?.version;
  if (version === undefined) {
    return `remove ${bundle.id.name} too: ${command(proposal, [`--remove ${bundle.id.name}`])}`;
  }
  const file = `${bundle.id.name}-VERSION.tgz`;
  return `install a ${bundle.id.name} that accepts ${name} ${version} with it: ${command(proposal, [file])}`;
}

function command({ request, facts }: Proposal, words: readonly string[]): string {
  const verb = request.kind === 'downgrade' ? 'pkg downgrade --force' : 'pkg install';
  const removed = request.kind === 'install' ? request.remove.map((name) => `--remove ${name}`) : [];
  return [verb, requestWords(request, facts), ...words, ...removed].filter((word) => word !== '').join(' ');
}
