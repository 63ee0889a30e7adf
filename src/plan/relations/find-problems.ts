import { bundleTitle, type Facts, inRange, isPrerelease, type Overrides } from '../../model/index.ts';
import { byName, type Described, membersOf } from '../member.ts';
import { indexProviders, type Provider } from './index-providers.ts';

/** A declared relation that a set of bundles breaks. */
export type Problem = {
  readonly kind: 'depends' | 'conflicts';
  /** Who declares it. */
  readonly bundle: Described;
  readonly name: string;
  readonly range: string;
  /** The members that answer to the name; none = absent. */
  readonly found: readonly Provider[];
  readonly message: string;
};

/** The rules by which a set of bundles is judged. */
export type Rules = {
  readonly facts: Facts;
  /** Which of all known bundles answer to a name. */
  readonly known: ReadonlyMap<string, readonly Provider[]>;
  readonly ignoreDepends: readonly string[];
  /** Messages of problems that the live generation already has, which this change did not cause. */
  readonly tolerated: ReadonlySet<string>;
};

/** The rules for one request on this machine. */
export function rulesFor(overrides: Overrides, facts: Facts): Rules {
  const live = allProblems(membersOf(facts.current, facts), facts.programVersion);
  return {
    facts,
    known: indexProviders([...facts.known.values()]),
    ignoreDepends: overrides.ignoreDepends,
    tolerated: new Set(live.map((problem) => problem.message)),
  };
}

/** The problems for which a set is refused. */
export function findProblems(bundles: readonly Described[], rules: Rules): readonly Problem[] {
  return allProblems(bundles, rules.facts.programVersion).filter(
    (problem) => !isIgnored(problem, rules) && !rules.tolerated.has(problem.message),
  );
}

/** Every problem of a set, including those for which it is not refused. */
export function allProblems(bundles: readonly Described[], programVersion: string): readonly Problem[] {
  const providers = indexProviders(bundles);
  return byName(bundles.map((bundle) => ({ id: bundle.id, bundle }))).flatMap(({ bundle }) => [
    ...unmetDepends(bundle, providers, programVersion),
    ...conflicts(bundle, providers),
  ]);
}

function unmetDepends(
  bundle: Described,
  providers: ReadonlyMap<string, readonly Provider[]>,
  programVersion: string,
): readonly Problem[] {
  return Object.entries(bundle.manifest.depends ?? {}).flatMap(([name, range]): readonly Problem[] => {
    const relation = { kind: 'depends', bundle, name, range } as const;
    const needs = `${bundleTitle(bundle.id)} needs ${ranged(name, range)}`;
    if (name === 'pkg') {
      if (inRange(programVersion, range)) return [];
      return [{ ...relation, found: [], message: `${needs}, but this is pkg ${programVersion}` }];
    }
    const found = providers.get(name) ?? [];
    if (found.some((provider) => inRange(provider.version, range))) return [];
    return [
      { ...relation, found, message: `${needs}, but ${name} would be ${presence(name, found)}${ofNoRange(found)}` },
    ];
  });
}

function presence(name: string, found: readonly Provider[]): string {
  if (found.length === 0) return 'absent';
  return found
    .map(({ bundle, version }) => (bundle.id.name === name ? version : `${version} (from ${bundleTitle(bundle.id)})`))
    .join(' and ');
}

/** Why `2.0.0-rc.1` is not in `>=1`, which is not obvious. */
function ofNoRange(found: readonly Provider[]): string {
  return found.length > 0 && found.every(({ version }) => isPrerelease(version))
    ? ', a prerelease, which only a range that names one takes'
    : '';
}

function conflicts(bundle: Described, providers: ReadonlyMap<string, readonly Provider[]>): readonly Problem[] {
  return Object.entries(bundle.manifest.conflicts ?? {}).flatMap(([name, range]): readonly Problem[] => {
    const found = (providers.get(name) ?? []).filter(
      (provider) => provider.bundle.id.name !== bundle.id.name && inRange(provider.version, range),
    );
    if (found.length === 0) return [];
    const message = `${bundleTitle(bundle.id)} conflicts with ${ranged(name, range)}, but ${name} would be ${presence(name, found)}`;
    return [{ kind: 'conflicts', bundle, name, range, found, message }];
  });
}

/** `perl <5.8`; a range without bounds is left out. */
function ranged(name: string, range: string): string {
  return range === '*' || range === '' ? name : `${name} ${range}`;
}

/** The override may name either end: the bundle that needs, or what it needs. */
function isIgnored(problem: Problem, rules: Rules): boolean {
  if (problem.kind === 'conflicts') return false;
  return [problem.name, problem.bundle.id.name].some((name) => rules.ignoreDepends.includes(name));
}
