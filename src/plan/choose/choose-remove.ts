import { bundleTitle, type Cause, type Facts, type Request } from '../../model/index.ts';
import { isLeftBehind } from '../left-behind.ts';
import { byName, type Member, membersOf, notThere } from '../member.ts';
import { explainWhy, neededByCauses } from '../relations/explain-why.ts';
import { findProblems, type Rules, rulesFor } from '../relations/find-problems.ts';
import { type Choice, refuse, target } from '../target.ts';
import { nameHint } from './name-hint.ts';
import { unusedBundles } from './unused-bundles.ts';

type Remove = Extract<Request, { kind: 'remove' }>;
type Autoremove = Extract<Request, { kind: 'autoremove' }>;

/** What stays when the named bundles leave, perhaps with those that need them and those only installed for them. */
export function chooseRemove(request: Remove, facts: Facts): Choice {
  const installed = membersOf(facts.current, facts);
  const left = [...new Set(request.names)].filter((name) => isLeftBehind(name, facts));
  const purged = request.purge ? left : [];
  const asked = request.names.filter((name) => !purged.includes(name));
  const names = request.all ? installed.map((member) => member.id.name) : asked;
  const unknown = notThere(names, installed);
  if (unknown.length > 0) return refuse('not-installed', unknown, hintFor(names, left, installed));
  if (names.length + purged.length === 0) return { kind: 'nothing', because: 'nothing is installed' };

  const rules = rulesFor(request.overrides, facts);
  const dependents = neededWithout(names, installed, rules);
  if (dependents.length > 0 && !request.cascade) return refuseNeeded(names, dependents, installed);
  const leaving = [...names, ...dependents];
  const unused = request.unused ? newlyUnused(leaving, installed) : [];
  const all = [...leaving, ...unused];
  return keepOthers(all, installed, request.purge ? [...all, ...purged] : []);
}

function hintFor(names: readonly string[], left: readonly string[], installed: readonly Member[]): string {
  if (left.length > 0) return `to delete what is left of it: pkg remove --purge ${left.join(' ')}`;
  const there = installed.map((member) => member.id.name);
  return nameHint(names, there, 'pkg list shows what is installed');
}

/** What stays when every bundle leaves that is no longer needed. */
export function chooseAutoremove(request: Autoremove, facts: Facts): Choice {
  const installed = membersOf(facts.current, facts);
  // A protected bundle may not leave, and neither may its dependencies.
  const isRoot = (member: Member) => member.explicit || facts.protectedNames.includes(member.id.name);
  const unused = unusedBundles(installed.map((member) => ({ ...member, explicit: isRoot(member) })));
  if (unused.length === 0) return { kind: 'nothing', because: 'every bundle is asked for or needed' };
  return keepOthers(unused, installed, request.purge ? unused : []);
}

/** Names of bundles that would miss a dependency, and of those that depend on these in turn. */
function neededWithout(names: readonly string[], installed: readonly Member[], rules: Rules): readonly string[] {
  const left = without(installed, names);
  const broken = findProblems(left, rules).filter((problem) => problem.kind === 'depends');
  if (broken.length === 0) return [];
  const next = [...new Set(broken.map((problem) => problem.bundle.id.name))];
  return [...next, ...neededWithout(next, left, rules)];
}

function refuseNeeded(names: readonly string[], dependents: readonly string[], installed: readonly Member[]): Choice {
  const others = byName(installed.filter((member) => dependents.includes(member.id.name)));
  const causes = names.flatMap((name) => neededCause(name, dependents, installed));
  const titles = others.map((member) => bundleTitle(member.id)).join(', ');
  return refuse('needed', causes, `remove ${titles} with it: pkg remove ${names.join(' ')} --cascade`);
}

function neededCause(name: string, dependents: readonly string[], installed: readonly Member[]): readonly Cause[] {
  const relevant = installed.filter((member) => member.id.name === name || dependents.includes(member.id.name));
  const tree = explainWhy(name, relevant);
  if (tree === null || tree.neededBy.length === 0) return [];
  const by = [...new Set(tree.neededBy.map((need) => bundleTitle(need.by)))].join(', ');
  return [{ message: `${bundleTitle(tree)} is needed by ${by}`, causes: neededByCauses(tree) }];
}

/** Bundles that this removal makes unused; those unused before are left to autoremove. */
function newlyUnused(leaving: readonly string[], installed: readonly Member[]): readonly string[] {
  const before = unusedBundles(installed);
  return unusedBundles(without(installed, leaving)).filter((name) => !before.includes(name));
}

function keepOthers(leaving: readonly string[], installed: readonly Member[], purge: readonly string[]): Choice {
  return target(without(installed, leaving), [], { purge: purge.toSorted() });
}

function without(members: readonly Member[], names: readonly string[]): readonly Member[] {
  return members.filter((member) => !names.includes(member.id.name));
}
