import { bundleTitle, type Facts, isPrerelease, type Request } from '../../model/index.ts';
import { findBundles, isInPin } from '../choose/find-bundles.ts';
import type { Member } from '../member.ts';
import type { Proposal } from '../proposal.ts';
import { bundleWord, requestCommand } from '../request-words.ts';
import { findProblems, type Problem, rulesFor } from './find-problems.ts';
import { suggestRemoval } from './suggest-removal.ts';
import { whatElseMoves } from './what-else-moves.ts';

/** The request that would succeed: `install mod_perl 1.27.0 with it: pkg install perl-5.8.0.tgz mod_perl-1.27.0.tgz`. */
export function suggestRequest(proposal: Proposal, problems: readonly Problem[]): string | undefined {
  const extras = whatElseMoves(proposal);
  if (extras.length > 0) return withExtras(extras, proposal);
  const [problem] = problems;
  if (problem === undefined) return undefined;
  if (problem.name === 'pkg') return `upgrade pkg itself: ${bundleTitle(problem.bundle.id)} needs pkg ${problem.range}`;
  const acrossPins = whatElseMoves({ ...proposal, facts: { ...proposal.facts, pins: {} } });
  if (acrossPins.length > 0) return withoutPins(acrossPins, proposal);
  return problem.kind === 'conflicts' ? withoutOther(problem, proposal) : withUnknown(problem, proposal);
}

function withExtras(extras: readonly Member[], { request, facts }: Proposal): string {
  const words = extras.map((member) => bundleWord(member, facts));
  return `install ${titles(extras)} with it: ${requestCommand(request, facts, words)}`;
}

/** What would help is known, but the request excludes it: only the operator can take that back. */
function withoutPins(extras: readonly Member[], proposal: Proposal): string {
  const pinned = extras.filter((member) => !isInPin(member, proposal.facts)).map(({ id }) => id.name);
  const unpin = `if the pin is no longer meant: pkg unpin ${pinned.join(' ')}`;
  return `${unpin}; then ${withExtras(extras, proposal)}`;
}

/** One of two bundles that exclude each other has to go. */
function withoutOther({ bundle, found }: Problem, proposal: Proposal): string {
  return suggestRemoval(
    [bundle, ...found.map((provider) => provider.bundle)].map(({ id }) => id.name),
    proposal,
  );
}

/** No known bundle would help: says what to look for, and what to do with it. */
function withUnknown(problem: Problem, proposal: Proposal): string {
  const { bundle, name, range, found } = problem;
  const { request, facts, entering, target } = proposal;
  if (entering.some(({ member }) => member.id.name === bundle.id.name)) {
    if (target.requested.includes(name)) return insteadOf(problem, proposal);
    return withAnother(name, `${name} ${range}`, proposal);
  }
  const version = found[0]?.version;
  if (version === undefined) {
    return `remove ${bundle.id.name} too: ${requestCommand(request, facts, [`--remove ${bundle.id.name}`])}`;
  }
  return withAnother(bundle.id.name, `a ${bundle.id.name} that accepts ${name} ${version}`, proposal);
}

function withAnother(name: string, what: string, { request, facts }: Proposal): string {
  return `install ${what} with it: ${requestCommand(request, facts, [`${name}-VERSION.tgz`])}`;
}

/** Both were asked for and do not fit: suggests another version of the one that is needed. */
function insteadOf({ name, range, found }: Problem, { request, facts, members }: Proposal): string {
  const others = members.filter((member) => member.id.name !== name);
  const rules = rulesFor(request.overrides, facts);
  const fitting = findBundles(name, facts).find(
    (known) =>
      isInPin(known, facts) && !isPrerelease(known.id.version) && findProblems([...others, known], rules).length === 0,
  );
  const word = fitting === undefined ? `${name}-VERSION.tgz` : bundleWord(fitting, facts);
  const wrong = found.map(({ version }) => `${name} ${version}`).join(' and ');
  return `install ${name} ${range} instead of ${wrong}: ${requestCommand(without(name, request, facts), facts, [word])}`;
}

function without(name: string, request: Request, facts: Facts): Request {
  if (request.kind !== 'install' && request.kind !== 'downgrade') return request;
  return {
    ...request,
    digests: request.digests.filter((digest) => facts.known.get(digest)?.id.name !== name),
    names: request.names.filter((asked) => asked.name !== name),
  };
}

function titles(members: readonly Member[]): string {
  return members.map((member) => bundleTitle(member.id)).join(', ');
}
