import { describe, expect, test } from 'vitest';
import type { Facts, GenerationOutcome } from '../../src/model/index.ts';
import { collectable, explainWhy, membersOf, orderBundles } from '../../src/plan/index.ts';
import { bundle, world } from './world.ts';

describe('order', () => {
  test.each([
    ['dependencies first', { a: ['b'], b: ['c'], c: [] }, [], 'c b a'],
    ['as written in depends', { a: ['z', 'y'], y: [], z: [] }, [], 'z y a'],
    ['as requested among equals', { a: [], b: [], c: [] }, ['c', 'a'], 'c a b'],
    ['by name at last', { c: [], a: [], b: [] }, [], 'a b c'],
    ['a request never goes before its dependency', { a: ['b'], b: [], c: [] }, ['a', 'c'], 'b a c'],
    ['a cycle stays together behind what it needs', { a: ['b'], b: ['a', 'x'], x: [], c: ['a'] }, [], 'x a b c'],
    ['a bundle may need itself', { a: ['a'] }, [], 'a'],
    ['two cycles in a row', { a: ['b'], b: ['a', 'c'], c: ['d'], d: ['c'] }, [], 'c d a b'],
  ])('%s', (_, needs, requested, expected) => {
    expect(order(needs, requested)).toBe(expected);
  });
});

describe('why', () => {
  const facts = world()
    .needed('perl 5.6.0', { provides: { interpreter: '5.6.0' } })
    .needed('mod_perl 1.26.0', { depends: { perl: '<5.8' } })
    .with('site 2.0.0', { depends: { mod_perl: '*', interpreter: '>=5' } }).facts;
  const live = membersOf(facts.current, facts);

  test('shows who needs a bundle, and who needs these', () => {
    expect(explainWhy('perl', live)).toEqual({
      name: 'perl',
      version: '5.6.0',
      explicit: false,
      neededBy: [
        {
          as: 'perl',
          range: '<5.8',
          by: {
            name: 'mod_perl',
            version: '1.26.0',
            explicit: false,
            neededBy: [
              { as: 'mod_perl', range: '*', by: { name: 'site', version: '2.0.0', explicit: true, neededBy: [] } },
            ],
          },
        },
        { as: 'interpreter', range: '>=5', by: { name: 'site', version: '2.0.0', explicit: true, neededBy: [] } },
      ],
    });
  });

  test('has no answer for what is not installed, and an end for circles', () => {
    expect(explainWhy('nope', live)).toBeNull();
    const circle = world()
      .with('a 1.0.0', { depends: { b: '*' } })
      .with('b 1.0.0', { depends: { a: '*' } }).facts;
    expect(explainWhy('a', membersOf(circle.current, circle))?.neededBy[0]?.by.neededBy[0]?.by).toMatchObject({
      name: 'a',
      neededBy: [],
    });
  });
});

describe('garbage', () => {
  const base = { current: 5, keep: 3, tagged: [], pins: {}, stored: ['a', 'b', 'c', 'd', 'e'].map(digest) };
  const five = generations('1 good a', '2 good b', '3 good c', '4 good d', '5 good e');

  test.each([
    ['three good ones stay', { ...base, generations: five }, [1, 2], ['a', 'b']],
    ['as many as wanted stay', { ...base, keep: 1, generations: five }, [1, 2, 3, 4], ['a', 'b', 'c', 'd']],
    ['the live one stays whatever', { ...base, keep: 1, current: 2, generations: five }, [1, 3, 4], ['a', 'c', 'd']],
    [
      'what a rollback repeats counts once, so that twice goes further back',
      { ...base, current: 4, generations: generations('1 good a', '2 good b', '3 good c', '4 good b') },
      [],
      ['d', 'e'],
    ],
    ['tagged ones stay', { ...base, tagged: [1], generations: five }, [2], ['b']],
    ['what a pin asks for stays', { ...base, pins: { b: '1.x' }, generations: five }, [1], ['a']],
    ['a pin that nothing fits keeps nothing', { ...base, pins: { b: '2.x' }, generations: five }, [1, 2], ['a', 'b']],
    [
      'what two share stays with one',
      { ...base, generations: generations('1 good a', '4 bad a', '5 good a') },
      [4],
      ['b', 'c', 'd', 'e'],
    ],
    [
      'a bad one newer than the live one stays',
      { ...base, generations: generations('5 good e', '6 bad a', '7 bad b') },
      [6],
      ['a', 'c', 'd'],
    ],
    ['a trial stays', { ...base, generations: generations('5 good e', '6 trial a') }, [], ['b', 'c', 'd']],
    [
      'bad ones do not count as good',
      { ...base, keep: 2, generations: generations('3 good c', '4 bad d', '5 good e') },
      [4],
      ['a', 'b', 'd'],
    ],
    ['what no generation names goes', { ...base, current: null, generations: [] }, [], ['a', 'b', 'c', 'd', 'e']],
  ] as const)('%s', (_, kept, numbers, names) => {
    const found = collectable(kept);
    expect(found.generations).toEqual(numbers);
    expect(found.digests).toEqual(names.map(digest).toSorted());
  });
});

/** Names in order, from who needs whom. */
function order(needs: Readonly<Record<string, readonly string[]>>, requested: readonly string[]): string {
  const bundles = Object.entries(needs).map(([name, names]) => {
    const depends = Object.fromEntries(names.map((needed) => [needed, '*']));
    return bundle(`${name} 1.0.0`, { depends }, 'store');
  });
  return orderBundles(bundles, requested)
    .map(({ id }) => id.name)
    .join(' ');
}

/** `1 good a b`: generation 1 was good and holds a and b. */
function generations(...rows: readonly string[]): Facts['generations'] {
  return rows.map((row) => {
    const [number = '', outcome, ...names] = row.split(' ');
    const bundles = names.map((name) => ({ ...bundle(`${name} 1.0.0`, {}, 'store').id, explicit: true }));
    return {
      generation: { formatVersion: '1', number: Number(number), parent: null, createdAt: '', bundles, config: {} },
      outcome: outcome as GenerationOutcome,
    };
  });
}

function digest(name: string): string {
  return bundle(`${name} 1.0.0`, {}, 'store').id.digest;
}
