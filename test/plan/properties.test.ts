import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Decision, inRange, type Manifest } from '../../src/model/index.ts';
import { type Extra, type World, world } from './world.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const VERSIONS = ['1.0.0', '1.5.0', '2.0.0'];

/** Mostly nothing, so that enough sets are possible. */
function seldom<T>(arbitrary: fc.Arbitrary<Record<string, T>>): fc.Arbitrary<Record<string, T>> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary });
}

const extra: fc.Arbitrary<Extra> = fc.record({
  depends: fc.dictionary(fc.constantFrom(...NAMES, 'api'), fc.constantFrom('*', '^1', '>=1.5', '<2', '2.x'), {
    maxKeys: 2,
  }),
  conflicts: seldom(fc.dictionary(fc.constantFrom(...NAMES), fc.constant('1.x'), { maxKeys: 1 })),
  provides: seldom(fc.constant({ api: '1.5.0' })),
});

const rows = fc.uniqueArray(
  fc.record({ name: fc.constantFrom(...NAMES), version: fc.constantFrom(...VERSIONS), extra, offered: fc.boolean() }),
  { selector: ({ name, version }) => `${name} ${version}`, minLength: 1, maxLength: 12 },
);

type Row = { readonly name: string; readonly version: string; readonly extra: Extra; readonly offered: boolean };

/** The first offered version of each name is on the command line, all others are kept. */
function build(all: readonly Row[]): World {
  return all.reduce((built, row, at) => {
    const isFirst = all.findIndex((other) => other.name === row.name && other.offered) === at;
    const title = `${row.name} ${row.version}`;
    return isFirst ? built.offer(title, row.extra) : built.keep(title, row.extra);
  }, world());
}

/** Broken promises of a set; written again here, without any help of the room under test. */
function broken(set: readonly Manifest[]): readonly string[] {
  const answers = (name: string, range: string, not?: string) =>
    set.some((one) => {
      const version = one.name === name ? one.version : one.provides?.[name];
      return one.name !== not && version !== undefined && inRange(version, range);
    });
  return set.flatMap((one) => [
    ...Object.entries(one.depends ?? {}).flatMap(([name, range]) =>
      answers(name, range) ? [] : [`${one.name} needs ${name}`],
    ),
    ...Object.entries(one.conflicts ?? {}).flatMap(([name, range]) =>
      answers(name, range, one.name) ? [`${one.name} against ${name}`] : [],
    ),
  ]);
}

/** The manifests of the generation that a plan writes; nothing for other decisions. */
function written(decision: Decision, { facts }: World): readonly Manifest[] {
  if (decision.kind !== 'plan') return [];
  const step = decision.plan.steps.find(({ kind }) => kind === 'write-generation');
  if (step?.kind !== 'write-generation') throw new Error('a plan without a generation');
  return step.bundles.flatMap(({ digest }) => facts.known.get(digest)?.manifest ?? []);
}

test('whatever is accepted satisfies everybody, in a first install and in an upgrade after it', () => {
  let accepted = 0;
  fc.assert(
    fc.property(rows, (all) => {
      const before = build(all);
      const installed = before.install();
      expect(broken(written(installed, before))).toEqual([]);
      if (installed.kind !== 'plan') return;
      accepted += 1;
      const after = before.after(installed);
      expect(broken(written(after.upgrade(), after))).toEqual([]);
    }),
    { numRuns: 400, seed: 1 },
  );
  expect(accepted).toBeGreaterThan(20);
});

test('a kept name is refused only when no set of known bundles would do', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const kept = build(all.map((row) => ({ ...row, offered: false })));
      const wanted = all[0]?.name ?? '';
      expect(kept.install({ names: [wanted] }).kind === 'plan').toBe(someSetWorks(kept, wanted));
    }),
    { numRuns: 300, seed: 2 },
  );
});

/** Tries every choice of at most one version per name. */
function someSetWorks({ facts }: World, wanted: string): boolean {
  const known = [...facts.known.values()].map(({ manifest }) => manifest);
  const sets = NAMES.reduce<readonly (readonly Manifest[])[]>(
    (found, name) => [
      ...found,
      ...known.filter((one) => one.name === name).flatMap((one) => found.map((set) => [...set, one])),
    ],
    [[]],
  );
  return sets.some((set) => set.some((one) => one.name === wanted) && broken(set).length === 0);
}

test('a request that a refusal proposes succeeds', () => {
  let proposed = 0;
  fc.assert(
    fc.property(rows, rows, (before, now) => {
      const first = build(before);
      const installed = first.install();
      if (installed.kind !== 'plan') return;
      const next = addAll(first.after(installed), now);
      const decision = next.install();
      const hint = decision.kind === 'refusal' ? (decision.refusal.hint ?? '') : '';
      if (!hint.includes(' with it: pkg install') || hint.includes('VERSION')) return;
      proposed += 1;
      const names = [...hint.matchAll(/ (\w+@[\d.]+)/g)].map(([, word = '']) => word);
      const remove = [...hint.matchAll(/--remove (\w+)/g)].map(([, word = '']) => word);
      expect(next.install({ names, remove }).kind).toBe('plan');
    }),
    { numRuns: 6000, seed: 4 },
  );
  expect(proposed).toBeGreaterThan(20);
});

/** Rows whose bundles are not known yet, the way `build` gives them. */
function addAll(live: World, all: readonly Row[]): World {
  const titles = new Set([...live.facts.known.values()].map(({ id }) => `${id.name} ${id.version}`));
  const names = new Set<string>();
  return all.reduce((built, row) => {
    const title = `${row.name} ${row.version}`;
    if (titles.has(title)) return built;
    if (!row.offered || names.has(row.name)) return built.keep(title, row.extra);
    names.add(row.name);
    return built.offer(title, row.extra);
  }, live);
}

test('the order in which facts were gathered does not show in a plan', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const one = build(all);
      const other = one.fact({ known: new Map([...one.facts.known].toReversed()) });
      expect(JSON.stringify(other.install())).toBe(JSON.stringify(one.install()));
      expect(JSON.stringify(other.install({ names: ['a'] }))).toBe(JSON.stringify(one.install({ names: ['a'] })));
    }),
    { numRuns: 200, seed: 3 },
  );
});
