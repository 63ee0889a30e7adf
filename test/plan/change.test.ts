import { describe, expect, test } from 'vitest';
import { changes, members, planOf, refusalOf, refused, world } from './world.ts';

describe('upgrade', () => {
  test('takes the newest kept versions that fit together', () => {
    const kept = world()
      .with('perl 5.6.0')
      .with('mod_perl 1.26.0', { depends: { perl: '<5.8' } })
      .keep('perl 5.8.0')
      .keep('mod_perl 1.27.0', { depends: { perl: '>=5.8' } });
    expect(changes(kept.upgrade())).toEqual(['perl 5.6.0 -> 5.8.0', 'mod_perl 1.26.0 -> 1.27.0']);
  });

  test('keeps what cannot move and says why', () => {
    const kept = world()
      .with('perl 5.6.0')
      .with('mod_perl 1.26.0', { depends: { perl: '<5.8' } })
      .with('web 1.0.0')
      .keep('perl 5.8.0')
      .keep('web 1.1.0');
    const decision = kept.upgrade();
    expect(changes(decision)).toEqual(['web 1.0.0 -> 1.1.0']);
    expect(planOf(decision).notes).toEqual([
      'perl stays at 5.6.0: mod_perl 1.26.0 needs perl <5.8, but perl would be 5.8.0',
    ]);
  });

  test('takes a version in between when the newest does not fit', () => {
    const kept = world()
      .with('lib 1.0.0')
      .with('app 1.0.0', { depends: { lib: '^1' } })
      .keep('lib 1.5.0')
      .keep('lib 2.0.0');
    const decision = kept.upgrade('lib');
    expect(changes(decision)).toEqual(['lib 1.0.0 -> 1.5.0']);
    expect(planOf(decision).notes).toEqual(['lib stays at 1.5.0: app 1.0.0 needs lib ^1, but lib would be 2.0.0']);
  });

  test('moves only the named ones', () => {
    const kept = world().with('a 1.0.0').with('b 1.0.0').keep('a 2.0.0').keep('b 2.0.0');
    expect(changes(kept.upgrade('b'))).toEqual(['b 1.0.0 -> 2.0.0']);
  });

  test('refuses when a named one is held back by others, instead of doing nothing', () => {
    const kept = world()
      .with('perl 5.6.0')
      .with('mod_perl 1.26.0', { depends: { perl: '<5.8' } })
      .keep('perl 5.8.0');
    expect(refused(kept.upgrade('perl'))).toBe(
      'dependency: perl stays at 5.6.0: mod_perl 1.26.0 needs perl <5.8, but perl would be 5.8.0 | ' +
        'let everything move that must: pkg upgrade',
    );
  });

  test('has nothing to do when nothing newer is known', () => {
    expect(world().with('a 1.0.0').keep('a 0.9.0').upgrade()).toEqual({
      kind: 'nothing',
      because: 'nothing newer is known',
    });
  });

  test('gives prereleases only to those who live on one', () => {
    const kept = world().with('a 1.0.0').with('b 1.0.0-rc1').keep('a 2.0.0-rc1').keep('b 1.0.0-rc2');
    expect(changes(kept.upgrade())).toEqual(['b 1.0.0-rc1 -> 1.0.0-rc2']);
  });

  test('stays within a pin and says what the pin keeps out', () => {
    const pinned = world()
      .with('a 1.0.0')
      .keep('a 1.1.0')
      .keep('a 2.0.0')
      .fact({ pins: { a: '1.x' } });
    const decision = pinned.upgrade();
    expect(changes(decision)).toEqual(['a 1.0.0 -> 1.1.0']);
    expect(planOf(decision).notes).toEqual(['a is pinned to 1.x; 2.0.0 is known']);
  });

  test('refuses a name that is not installed', () => {
    expect(refusalOf(world().keep('a 1.0.0').upgrade('a')).code).toBe('not-installed');
  });

  test('leaves a dependency a dependency', () => {
    expect(members(world().needed('lib 1.0.0').keep('lib 1.1.0').upgrade())).toEqual(['lib 1.1.0']);
  });

  test('brings in what the new version needs', () => {
    const kept = world()
      .with('app 1.0.0')
      .keep('app 2.0.0', { depends: { lib: '*' } })
      .keep('lib 1.0.0');
    expect(members(kept.upgrade())).toEqual(['app 2.0.0*', 'lib 1.0.0']);
  });

  test('still finds an answer when hundreds of choices stand in each other’s way', () => {
    let crowd = world();
    for (let n = 0; n < 30; n += 1) {
      const depends = { [`b${(n + 1) % 30}`]: '<2' };
      crowd = crowd.with(`b${n} 1.0.0`, { depends }).keep(`b${n} 1.1.0`, { depends }).keep(`b${n} 2.0.0`, { depends });
    }
    const decision = crowd.upgrade();
    expect(changes(decision)).toHaveLength(30);
    expect(changes(decision)).toContain('b0 1.0.0 -> 1.1.0');
  });
});

test('a refusal finds all that must move with one, however long the chain', () => {
  let chain = world();
  for (let n = 0; n < 60; n += 1) {
    const needs = (range: string) => ({ depends: Object.fromEntries(n > 0 ? [[`c${n - 1}`, range]] : []) });
    chain = chain.with(`c${n} 1.0.0`, needs('<2')).keep(`c${n} 1.1.0`, needs('<2')).keep(`c${n} 2.0.0`, needs('>=1.1'));
  }
  const decision = chain
    .offer('c0 2.0.0')
    .offer('c58 1.1.0', { depends: { c57: '>=2' } })
    .install();
  expect(refusalOf(decision).hint).toMatch(/^install c1 2\.0\.0, .* c57@2\.0\.0/);
});

describe('downgrade', () => {
  test('goes down, up, in and out in one change, once somebody goes down', () => {
    const mixed = world()
      .with('perl 5.8.0')
      .with('web 1.0.0')
      .with('old 1.0.0')
      .keep('perl 5.6.0')
      .keep('web 2.0.0')
      .keep('new 1.0.0');
    const names = ['perl@5.6.0', 'web@2.0.0', 'new@1.0.0'];
    const decision = mixed.downgrade({ names, remove: ['old'], overrides: { lower: true } });
    expect(changes(decision).toSorted()).toEqual([
      '+ new 1.0.0',
      '- old 1.0.0',
      'perl 5.8.0 down to 5.6.0',
      'web 1.0.0 -> 2.0.0',
    ]);
    expect(refusalOf(mixed.downgrade({ names, remove: ['old'] })).hint).toBe(
      'if lower is meant: pkg downgrade --force perl@5.6.0 web@2.0.0 new@1.0.0 --remove old',
    );
    expect(refused(mixed.downgrade({ names: ['web@2.0.0'] }))).toContain(
      'no web 2.0.0 below the installed 1.0.0 is kept',
    );
    expect(refused(mixed.downgrade({ names: ['perl@5.6.0'], remove: ['absent'] }))).toContain(
      'absent is not installed',
    );
  });

  const two = world().with('web 2.0.0').keep('web 1.0.0').keep('web 1.5.0');

  test('is refused without force', () => {
    expect(refused(two.downgrade({ names: ['web'] }))).toBe(
      'downgrade-needs-force: web 1.5.0 is lower than the installed 2.0.0 | if lower is meant: pkg downgrade --force web',
    );
  });

  test('goes to the newest lower one, or to the version named', () => {
    expect(changes(two.downgrade({ names: ['web'], overrides: { lower: true } }))).toEqual(['web 2.0.0 down to 1.5.0']);
    expect(changes(two.downgrade({ names: ['web@1.0.0'], overrides: { lower: true } }))).toEqual([
      'web 2.0.0 down to 1.0.0',
    ]);
  });

  test('needs no force along a way down that the newer bundle describes', () => {
    const upgrade = { down: [{ to: '1.x', steps: [] }] };
    const described = world().with('web 2.0.0', { upgrade }).offer('web 1.0.0');
    expect(changes(described.downgrade())).toEqual(['web 2.0.0 down to 1.0.0']);
    expect(refusalOf(described.install()).hint).toBe('if lower is meant: pkg downgrade web-1.0.0.tgz');
  });

  test('force means lower and nothing else: dependencies still count', () => {
    const needed = world()
      .with('perl 5.8.0')
      .with('mod_perl 1.27.0', { depends: { perl: '>=5.8' } })
      .offer('perl 5.6.0');
    expect(refused(needed.downgrade({ overrides: { lower: true } }))).toBe(
      'dependency: mod_perl 1.27.0 needs perl >=5.8, but perl would be 5.6.0 | ' +
        'install a mod_perl that accepts perl 5.6.0 with it: pkg downgrade --force perl-5.6.0.tgz mod_perl-VERSION.tgz',
    );
  });

  test('names the kept one that would have to go down too', () => {
    const needed = world()
      .with('perl 5.8.0')
      .with('mod_perl 1.27.0', { depends: { perl: '>=5.8' } })
      .keep('mod_perl 1.26.0', { depends: { perl: '<5.8' } })
      .offer('perl 5.6.0');
    expect(refusalOf(needed.downgrade({ overrides: { lower: true } })).hint).toBe(
      'install mod_perl 1.26.0 with it: pkg downgrade --force perl-5.6.0.tgz mod_perl@1.26.0',
    );
    const both = needed.downgrade({ names: ['mod_perl@1.26.0'], overrides: { lower: true } });
    expect(changes(both)).toEqual(['perl 5.8.0 down to 5.6.0', 'mod_perl 1.27.0 down to 1.26.0']);
  });

  test('may take one up while another goes down', () => {
    const mixed = world()
      .with('lib 2.0.0')
      .with('app 1.0.0', { depends: { lib: '2.x' } });
    const decision = mixed
      .offer('lib 1.0.0')
      .offer('app 1.1.0', { depends: { lib: '1.x' } })
      .downgrade({ overrides: { lower: true } });
    expect(changes(decision)).toEqual(['lib 2.0.0 down to 1.0.0', 'app 1.0.0 -> 1.1.0']);
  });

  test('is the wrong word for going up', () => {
    expect(refused(world().with('web 1.0.0').offer('web 2.0.0').downgrade())).toBe(
      'usage: web 2.0.0 is not below the installed 1.0.0 | to go up: pkg install web-2.0.0.tgz',
    );
  });

  test.each([
    [world().offer('web 1.0.0').downgrade(), 'web is not installed'],
    [
      world()
        .keep('web 1.0.0')
        .downgrade({ names: ['web'] }),
      'web is not installed',
    ],
    [two.downgrade({ names: ['web@>=2'] }), 'no web >=2 below the installed 2.0.0 is kept'],
    [two.downgrade({ names: ['web@0.1.0'] }), 'no web 0.1.0 is kept; there is web 2.0.0 and 1.5.0 and 1.0.0'],
  ])('says what is not there (%#)', (decision, message) => {
    expect(refusalOf(decision)).toMatchObject({ code: 'not-installed', message });
  });

  test('to the installed version is nothing to do', () => {
    expect(world().with('web 1.0.0').offer('web 1.0.0').downgrade().kind).toBe('nothing');
  });
});

describe('remove', () => {
  const stack = world()
    .needed('perl 5.6.0')
    .with('mod_perl 1.26.0', { depends: { perl: '<5.8' } })
    .with('site 2.0.0', { depends: { mod_perl: '*' } })
    .with('other 1.0.0');

  test('takes out one that nobody needs, and keeps what it needed', () => {
    const decision = stack.remove(['site']);
    expect(changes(decision)).toEqual(['- site 2.0.0']);
    expect(members(decision)).toEqual(['mod_perl 1.26.0*', 'other 1.0.0*', 'perl 5.6.0']);
  });

  test('is refused while others need it, and shows the tree of who', () => {
    const decision = stack.remove(['perl']);
    expect(refused(decision)).toBe(
      'needed: perl 5.6.0 is needed by mod_perl 1.26.0 | ' +
        'remove mod_perl 1.26.0, site 2.0.0 with it: pkg remove perl --cascade',
    );
    expect(refusalOf(decision).causes).toEqual([
      {
        message: 'perl 5.6.0 is needed by mod_perl 1.26.0',
        causes: [{ message: 'mod_perl 1.26.0 needs perl <5.8', causes: [{ message: 'site 2.0.0 needs mod_perl' }] }],
      },
    ]);
  });

  test('cascade takes those who need it along, dependents first', () => {
    expect(changes(stack.remove(['perl'], { cascade: true }))).toEqual([
      '- site 2.0.0',
      '- mod_perl 1.26.0',
      '- perl 5.6.0',
    ]);
  });

  test('unused also takes what only came as a dependency of these', () => {
    const more = stack.needed('orphan 1.0.0');
    expect(changes(more.remove(['mod_perl', 'site'], { unused: true }))).toEqual([
      '- site 2.0.0',
      '- mod_perl 1.26.0',
      '- perl 5.6.0',
    ]);
  });

  test('a name is free when another member provides it', () => {
    const twice = world()
      .with('a 1.0.0', { provides: { api: '1.0.0' } })
      .with('b 1.0.0', { provides: { api: '1.0.0' } });
    expect(changes(twice.with('app 1.0.0', { depends: { api: '*' } }).remove(['a']))).toEqual(['- a 1.0.0']);
  });

  test('all empties the generation', () => {
    expect(members(stack.remove([], { all: true }))).toEqual([]);
    expect(world().remove([], { all: true })).toEqual({ kind: 'nothing', because: 'nothing is installed' });
  });

  test('lists every name that is not installed', () => {
    expect(refusalOf(stack.remove(['x', 'y'])).causes).toEqual([
      { message: 'x is not installed' },
      { message: 'y is not installed' },
    ]);
  });

  test('purge names the data that is lost', () => {
    expect(planOf(stack.remove(['site'], { purge: true })).wayBack.loses).toEqual(['data and configuration of site']);
  });

  test('a protected bundle stays, also as a part of a cascade', () => {
    const guarded = stack.fact({ protectedNames: ['site'] });
    const expected =
      'protected: site 2.0.0 is protected and may not be removed | take it out of `protected` in settings.json first';
    expect(refused(guarded.remove(['site']))).toBe(expected);
    expect(refused(guarded.remove(['perl'], { cascade: true }))).toBe(expected);
  });
});

describe('autoremove', () => {
  test('takes out what nobody asked for and nobody needs, also in circles', () => {
    const decision = world()
      .with('app 1.0.0', { depends: { api: '*' } })
      .needed('server 1.0.0', { provides: { api: '1.0.0' } })
      .needed('a 1.0.0', { depends: { b: '*' } })
      .needed('b 1.0.0', { depends: { a: '*' } })
      .autoremove();
    expect(members(decision)).toEqual(['app 1.0.0*', 'server 1.0.0']);
  });

  test('has nothing to do when everything is asked for or needed', () => {
    expect(
      world()
        .with('a 1.0.0', { depends: { b: '*' } })
        .needed('b 1.0.0')
        .autoremove().kind,
    ).toBe('nothing');
  });

  test('keeps protected bundles and what they need', () => {
    const guarded = world()
      .needed('a 1.0.0', { depends: { b: '*' } })
      .needed('b 1.0.0')
      .needed('c 1.0.0')
      .fact({ protectedNames: ['a'] });
    expect(changes(guarded.autoremove())).toEqual(['- c 1.0.0']);
  });
});

describe('rollback', () => {
  const one = world().offer('web 1.0.0');
  const first = one.after(one.install());
  const two = first.offer('web 2.0.0').offer('lib 1.0.0');
  const second = two.after(two.install());
  const three = second.offer('web 3.0.0');
  const third = three.after(three.install());

  test('goes to the generation before, under a new number', () => {
    const decision = third.rollback();
    expect(changes(decision)).toEqual(['web 3.0.0 down to 2.0.0']);
    expect(planOf(decision)).toMatchObject({ from: 3, to: 4 });
    expect(planOf(decision).steps).toContainEqual(
      expect.objectContaining({ kind: 'write-generation', parent: 3, restores: 2 }),
    );
  });

  test('twice goes further back, not to and fro', () => {
    const back = third.after(third.rollback());
    expect(changes(back.rollback())).toEqual(['web 2.0.0 down to 1.0.0', '- lib 1.0.0']);
    const further = back.after(back.rollback());
    expect(refusalOf(further.rollback()).code).toBe('no-way-back');
  });

  test('a change after a rollback leads back to what the rollback had brought', () => {
    const back = third.after(third.rollback()).offer('web 4.0.0');
    expect(changes(back.after(back.install()).rollback())).toEqual(['web 4.0.0 down to 2.0.0']);
  });

  test('goes to the generation named, forward as well', () => {
    const back = third.after(third.rollback());
    expect(changes(back.rollback(3))).toEqual(['web 2.0.0 -> 3.0.0']);
    expect(changes(back.rollback(1))).toEqual(['web 2.0.0 down to 1.0.0', '- lib 1.0.0']);
  });

  test('skips generations that were never good', () => {
    const generations = third.facts.generations.map((kept) =>
      kept.generation.number === 2 ? { ...kept, outcome: 'bad' as const } : kept,
    );
    expect(changes(third.fact({ generations }).rollback())).toEqual(['web 3.0.0 down to 1.0.0', '- lib 1.0.0']);
  });

  test('skips generations with the same bundles', () => {
    const needed = world().needed('lib 1.0.0').offer('lib 1.0.0');
    expect(refusalOf(needed.after(needed.install()).rollback()).code).toBe('no-way-back');
  });

  test.each([
    [world().rollback(), 'no-way-back', 'there is no earlier good generation with different bundles'],
    [first.rollback(), 'no-way-back', 'there is no earlier good generation with different bundles'],
    [first.rollback(9), 'no-such-generation', 'generation 9 does not exist or is no longer kept'],
  ])('says when there is nothing to go back to (%#)', (decision, code, message) => {
    expect(refusalOf(decision)).toMatchObject({ code, message });
  });

  test('refuses a generation whose bundles are gone', () => {
    const known = new Map([...third.facts.known].filter(([, bundle]) => bundle.id.version !== '2.0.0'));
    expect(refusalOf(third.fact({ known }).rollback())).toMatchObject({
      code: 'no-such-generation',
      message: 'web 2.0.0 of generation 2 is no longer kept',
    });
  });

  test('to what is live already is nothing to do', () => {
    expect(third.rollback(3)).toEqual({ kind: 'nothing', because: 'generation 3 is the same as the live one' });
  });

  test('needs no force, and is not barred by drift, pins, the host or broken dependencies', () => {
    const nginx = new Map([['nginx', { present: true, version: null }]]);
    const web = world()
      .offer('web 1.0.0', { host: { nginx: {} }, depends: { pkg: '<0.1' } })
      .fact({ host: nginx });
    const before = web.after(web.install({ overrides: { ignoreDepends: ['web'] } })).fact({ host: new Map() });
    const newer = before.offer('web 2.0.0');
    const live = newer.after(newer.install());
    const [id] = live.facts.current?.bundles ?? [];
    if (id === undefined) throw new Error('nothing is live');
    const decision = live
      .fact({ pins: { web: '2.x' }, drift: [{ bundle: id, path: 'bin/web', change: 'changed' }] })
      .rollback();
    expect(changes(decision)).toEqual(['web 2.0.0 down to 1.0.0']);
    expect(planOf(decision).notes).toEqual([
      'goes on although web 1.0.0 needs pkg <0.1, but this is pkg 0.1.0',
      'goes on although bin/web of web 2.0.0 was changed by hand (changed)',
      'goes on although web 1.0.0 needs nginx on this machine, but it is missing',
      'goes on although web is pinned to 2.x, 1.0.0 is outside',
    ]);
  });
});
