import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { inRange, type Manifest, type UpgradeClass } from '../../src/model/index.ts';
import { membersOf } from '../../src/plan/member.ts';
import { weigh } from '../../src/plan/paths/class.ts';
import { allProblems } from '../../src/plan/relations/find-problems.ts';
import { attempt, running, service } from './ways.ts';
import { type Extra, type World, world } from './world.ts';

const VERSIONS = ['1.0.0', '1.1.0', '1.2.0', '1.3.0', '2.0.0', '2.1.0', '2.2.0', '3.0.0'];

const STEPS: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  none: [{ run: 'bin/x' }],
  hot: [{ call: 'main' }],
  reload: [{ call: 'main' }, { reload: 'main' }],
  restart: [{ restart: 'main' }],
  'stop-migrate-start': [{ stop: 'main' }, { migrate: 'bin/m' }, { start: 'main' }],
};

const range = fc.constantFrom('1.x', '2.x', '*', '<2', '1.1.0', '1.2.0 || 2.1.0', '>=1.3.0 <3', '3.x');

const entry = fc.record({ range, steps: fc.constantFrom(...Object.values(STEPS)) });

const data: fc.Arbitrary<Extra['data']> = fc.oneof(
  fc.constant(undefined),
  fc.record({ reads: fc.subarray([1, 2, 3], { minLength: 1 }), writes: fc.constantFrom(1, 2, 3) }),
);

/** One version with what it declares about those below it. */
const version: fc.Arbitrary<Extra> = fc
  .record({
    up: fc.array(entry, { maxLength: 3 }),
    down: fc.array(entry, { maxLength: 3 }),
    byDefault: fc.constantFrom('reload', 'restart', 'stop-migrate-start', 'base'),
    data,
    depends: fc.constantFrom<Extra['depends']>({}, {}, { lib: '>=2' }, { lib: '<2' }),
  })
  .map(({ up, down, byDefault, data: formats, depends = {} }) =>
    service(
      {
        up: up.map((one) => ({ from: one.range, steps: one.steps })),
        down: down.map((one) => ({ to: one.range, steps: one.steps })),
        default: { up: byDefault, down: byDefault },
      },
      { depends, ...(formats === undefined ? {} : { data: formats }) },
    ),
  );

const versions = fc.array(version, { minLength: VERSIONS.length, maxLength: VERSIONS.length });

const ends = fc.tuple(fc.nat(VERSIONS.length - 1), fc.nat(VERSIONS.length - 1)).filter(([from, to]) => from !== to);

const limit = fc.constantFrom<UpgradeClass | null>(null, null, null, 'reload', 'restart');

function machine(all: readonly Extra[], from: number, lib: boolean): World {
  const installed = world().with(`db ${VERSIONS[from]}`, lib ? all[from] : without(all[from]));
  const withLib = lib ? installed.with('lib 1.0.0').offer('lib 2.0.0') : installed;
  return running(
    all.reduce(
      (built, extra, at) => (at === from ? built : built.keep(`db ${VERSIONS[at]}`, lib ? extra : without(extra))),
      withLib,
    ),
  );
}

function without(extra: Extra = {}): Extra {
  return { ...extra, depends: {} };
}

type Found = { readonly weight: number; readonly stops: readonly string[] };

/** Every way there is, one after the other, judged by the rules as docs/upgrade-paths.md tells them. */
function tryAll(all: readonly Extra[], [from, to]: readonly [number, number], most: UpgradeClass | null): Found | null {
  const step = from < to ? 1 : -1;
  let best: Found | null = null;
  const go = (at: number, format: number | null, weight: number, stops: readonly string[]): void => {
    if (at === to) {
      if (best === null || isBetter({ weight, stops }, best)) best = { weight, stops };
      return;
    }
    for (let next = at + step; next !== to + step; next += step) {
      const cost = costOf(all, [at, next], { format, most });
      if (cost === null) continue;
      go(next, all[next]?.data?.writes ?? format, weight + cost, [...stops, VERSIONS[next] ?? '']);
    }
  };
  go(from, all[from]?.data?.writes ?? null, 0, []);
  return best;
}

type State = { readonly format: number | null; readonly most: UpgradeClass | null };

function costOf(all: readonly Extra[], [at, next]: readonly [number, number], { format, most }: State): number | null {
  const { upgrade } = all[Math.max(at, next)] ?? {};
  const older = VERSIONS[Math.min(at, next)] ?? '';
  const entries = (at < next ? upgrade?.up : upgrade?.down) ?? [];
  const matching = entries.filter((one) => inRange(older, one.from ?? one.to ?? ''));
  const byDefault = upgrade?.default?.up === 'base' ? 'through-base' : upgrade?.default?.up;
  const offers =
    matching.length > 0
      ? matching.map(({ steps }) => ({ word: wordOf(steps), migrates: steps.some((one) => one['migrate']) }))
      : [{ word: byDefault ?? 'restart', migrates: false }];
  const reads = all[next]?.data?.reads;
  const canRead = format === null || reads === undefined || reads.includes(format);
  const weights = offers
    .filter(({ migrates }) => canRead || migrates)
    .map(({ word }) => weigh(word as UpgradeClass))
    .filter((weight) => most === null || weight <= weigh(most));
  return weights.length === 0 ? null : Math.min(...weights);
}

function wordOf(steps: Manifest['checks'] | readonly unknown[] | undefined): string {
  return Object.entries(STEPS).find(([, written]) => written === steps)?.[0] ?? 'none';
}

/** Least weight, fewest hops, newest stops, the last one first. */
function isBetter(one: Found, other: Found): boolean {
  if (one.weight !== other.weight) return one.weight < other.weight;
  if (one.stops.length !== other.stops.length) return one.stops.length < other.stops.length;
  const rank = ({ stops }: Found): string =>
    stops
      .toReversed()
      .map((stop) => VERSIONS.indexOf(stop))
      .join('');
  return rank(one) > rank(other);
}

test('the way that is taken is the best of all there are', () => {
  let several = 0;
  fc.assert(
    fc.property(versions, ends, limit, (all, [from, to], most) => {
      const best = tryAll(all, [from, to], most);
      const found = attempt(machine(all, from, false), { to: [`db ${VERSIONS[to]}`], limits: { maxClass: most } });
      if (best === null) {
        expect(found.kind).toBe('refusal');
        return;
      }
      if (found.kind === 'refusal') throw new Error(found.refusal.message);
      const hops = found.hops.flat();
      if (hops.length > 1) several += 1;
      expect(hops.map((hop) => hop.to?.id.version)).toEqual(best.stops);
      expect(hops.reduce((sum, hop) => sum + weigh(hop.class), 0)).toBe(best.weight);
    }),
    { numRuns: 2000, seed: 7 },
  );
  expect(several).toBeGreaterThan(200);
});

test('every set on the way satisfies everyone, and every bundle arrives', () => {
  let several = 0;
  fc.assert(
    fc.property(versions, ends, (all, [from, to]) => {
      const start = machine(all, from, true);
      const found = attempt(start, { to: [`db ${VERSIONS[to]}`, 'lib 2.0.0'] });
      const isSatisfied = (members: Parameters<typeof allProblems>[0]): boolean =>
        allProblems(members, '0.1.0').length === 0;
      let members = membersOf(start.facts.current, start.facts);
      if (found.kind === 'refusal' || !isSatisfied(members)) return;
      if (found.hops.length > 1) several += 1;
      for (const [at, hops] of found.hops.entries()) {
        for (const hop of hops) expect(members.map(({ id }) => id.digest)).toContain(hop.from?.id.digest);
        members = members.map((member) => hops.find((hop) => hop.from?.id.digest === member.id.digest)?.to ?? member);
        if (at < found.hops.length - 1) expect(isSatisfied(members)).toBe(true);
      }
      expect(members.map(({ id }) => `${id.name} ${id.version}`)).toEqual([`db ${VERSIONS[to]}`, 'lib 2.0.0']);
    }),
    { numRuns: 1500, seed: 8 },
  );
  expect(several).toBeGreaterThan(50);
});

const CHAIN = ['1.0.0', '2.0.0', '3.0.0', '4.0.0'];

type Link = { readonly reads: readonly number[]; readonly writes: number; readonly needs: string | null };

const link: fc.Arbitrary<Link> = fc.record({
  reads: fc.subarray([1, 2], { minLength: 1 }),
  writes: fc.constantFrom(1, 2),
  needs: fc.constantFrom(null, null, '<2', '2.x', '>=3', '2.x || 3.x', '<2 || >=4'),
});

const chain = fc.array(link, { minLength: CHAIN.length, maxLength: CHAIN.length });

/** Two bundles that may need certain versions of each other, from the first to the last version of both. */
function pair(chains: readonly (readonly Link[])[]): World {
  const extra = (link_: Link, other: string): Extra => ({
    data: { reads: link_.reads, writes: link_.writes },
    depends: link_.needs === null ? {} : { [other]: link_.needs },
  });
  return chains.reduce((built, links, name) => {
    const [own = '', other = ''] = name === 0 ? ['a', 'b'] : ['b', 'a'];
    return links.reduce(
      (so, one, at) =>
        at === 0
          ? so.with(`${own} ${CHAIN[at]}`, extra(one, other))
          : so.keep(`${own} ${CHAIN[at]}`, extra(one, other)),
      built,
    );
  }, world());
}

/** Whether both can arrive at all, by trying every set that can follow every set. */
function canArrive([a = [], b = []]: readonly (readonly Link[])[]): boolean {
  const last = CHAIN.length - 1;
  const fits = (x: number, y: number): boolean =>
    inRange(CHAIN[y] ?? '', a[x]?.needs ?? '*') && inRange(CHAIN[x] ?? '', b[y]?.needs ?? '*');
  const canGo = (links: readonly Link[], from: number, to: number): boolean =>
    from === to || links[to]?.reads.includes(links[from]?.writes ?? 0) === true;
  const from = (x: number, y: number): boolean => {
    if (x === last && y === last) return true;
    for (let nextX = x; nextX <= last; nextX += 1) {
      for (let nextY = y; nextY <= last; nextY += 1) {
        const isMove = nextX + nextY > x + y && canGo(a, x, nextX) && canGo(b, y, nextY) && fits(nextX, nextY);
        if (isMove && from(nextX, nextY)) return true;
      }
    }
    return false;
  };
  return fits(0, 0) && fits(last, last) && from(0, 0);
}

test('two bundles that need each other arrive whenever any order of their hops leads there', () => {
  let arrived = 0;
  fc.assert(
    fc.property(chain, chain, (a, b) => {
      const found = attempt(pair([a, b]), { to: ['a 4.0.0', 'b 4.0.0'] });
      if (!canArrive([a, b])) return;
      arrived += 1;
      expect(found.kind).toBe('paths');
    }),
    { numRuns: 5000, seed: 9 },
  );
  expect(arrived).toBeGreaterThan(100);
});
