import { describe, expect, test } from 'vitest';
import { noWay, running, service, ways, whyNot } from './ways.ts';
import { bundle, changes, planOf, refused, type World, world } from './world.ts';

const RELOAD = [{ reload: 'main' }];
const RESTART = [{ restart: 'main' }];
const HOT = [{ call: 'main' }];
const MIGRATE = [{ stop: 'main' }, { migrate: 'bin/migrate' }, { start: 'main' }];

describe('one bundle', () => {
  test('goes the declared way, up and down, and both are written in the newer one', () => {
    const newer = service({ up: [{ from: '1.0.x', steps: RELOAD }], down: [{ to: '1.0.x', steps: RESTART }] });
    const up = running(world().with('web 1.0.0', service()).offer('web 1.1.0', newer));
    expect(ways(up, { to: ['web 1.1.0'] })).toEqual([['web 1.0.0 -> 1.1.0 reload']]);
    const down = running(world().with('web 1.1.0', newer).keep('web 1.0.0', service()));
    expect(ways(down, { to: ['web 1.0.0'] })).toEqual([['web 1.1.0 -> 1.0.0 restart']]);
  });

  test.each([
    [{ default: { up: 'reload' } }, undefined, 'reload'],
    [{ default: { up: 'base' } }, undefined, 'through-base'],
    [{ default: { down: 'none' } }, undefined, 'restart'],
    [{}, 'replace', 'replace'],
    [{}, undefined, 'restart'],
  ] as const)('without a declared way takes the default: %j, onUpgrade %s', (upgrade, onUpgrade, expected) => {
    const services = { main: { start: ['bin/main'], ...(onUpgrade === undefined ? {} : { onUpgrade }) } };
    const machine = running(world().with('web 1.0.0', service()).offer('web 2.0.0', { services, upgrade }));
    expect(ways(machine, { to: ['web 2.0.0'] })).toEqual([[`web 1.0.0 -> 2.0.0 ${expected}`]]);
  });

  test('without services needs nothing', () => {
    expect(ways(world().with('perl 5.6.0').offer('perl 5.8.0'), { to: ['perl 5.8.0'] })).toEqual([
      ['perl 5.6.0 -> 5.8.0 none'],
    ]);
  });

  test('takes the cheapest of several ways that are declared for the same version', () => {
    const newer = service({
      up: [
        { from: '1.x', steps: RESTART },
        { from: '1.0.x', steps: RELOAD },
        { from: '*', steps: RELOAD },
      ],
    });
    const machine = running(world().with('web 1.0.0', service()).offer('web 2.0.0', newer));
    expect(ways(machine, { to: ['web 2.0.0'] })).toEqual([['web 1.0.0 -> 2.0.0 reload']]);
  });

  test('that comes or leaves needs no way', () => {
    const machine = running(world().with('old 1.0.0', service()).offer('new 1.0.0', service()));
    expect(ways(machine, { to: ['new 1.0.0'], remove: ['old'] })).toEqual([['+ new 1.0.0', '- old']]);
  });
});

/** Every step of the ladder is hot; past a step it is a restart, from far below a stop. */
function ladder(...left: readonly string[]): World {
  const rungs = [
    ['db 1.2.0', service({ up: [{ from: '1.0.x', steps: HOT }] })],
    [
      'db 1.4.0',
      service({
        up: [
          { from: '1.2.x', steps: HOT },
          { from: '>=1.0.0 <1.2.0', steps: RELOAD },
        ],
      }),
    ],
    ['db 1.5.0', service({ up: [{ from: '1.4.x', steps: HOT }], default: { up: 'stop-migrate-start' } })],
    [
      'db 2.1.0',
      service({
        up: [
          { from: '1.5.x', steps: HOT },
          { from: '1.4.x', steps: RESTART },
        ],
        default: { up: 'stop-migrate-start' },
      }),
    ],
  ] as const;
  const known = rungs.filter(([title]) => !left.includes(title));
  return running(
    known.reduce((built, [title, extra]) => built.keep(title, extra), world().with('db 1.0.0', service())),
  );
}

describe('several hops', () => {
  test.each([
    [[], ['1.0.0 -> 1.2.0 hot', '1.2.0 -> 1.4.0 hot', '1.4.0 -> 1.5.0 hot', '1.5.0 -> 2.1.0 hot']],
    [['db 1.5.0'], ['1.0.0 -> 1.2.0 hot', '1.2.0 -> 1.4.0 hot', '1.4.0 -> 2.1.0 restart']],
    [
      ['db 1.5.0', 'db 1.2.0'],
      ['1.0.0 -> 1.4.0 reload', '1.4.0 -> 2.1.0 restart'],
    ],
    [['db 1.5.0', 'db 1.2.0', 'db 1.4.0'], ['1.0.0 -> 2.1.0 stop-migrate-start']],
  ])('disturb less than one: without %j', (left, expected) => {
    expect(ways(ladder(...left), { to: ['db 2.1.0'] })).toEqual(expected.map((hop) => [`db ${hop}`]));
  });

  test('are not made for a service that does not run', () => {
    const idle = ladder().fact({ services: [] });
    expect(ways(idle, { to: ['db 2.1.0'] })).toEqual([['db 1.0.0 -> 2.1.0 stop-migrate-start']]);
  });

  test('are made also for one that does not run when only they can read its data', () => {
    const stopped = world()
      .with('db 1.0.0', { data: { writes: 1 } })
      .keep('db 2.0.0', { data: { reads: [2], writes: 2 }, upgrade: { up: [{ from: '1.x', steps: MIGRATE }] } })
      .keep('db 3.0.0', { data: { reads: [3], writes: 3 }, upgrade: { up: [{ from: '2.x', steps: MIGRATE }] } });
    expect(ways(stopped, { to: ['db 3.0.0'] })).toHaveLength(2);
    expect(whyNot(stopped, { to: ['db 3.0.0'] })).toEqual([
      'db 1.0.0 -> db 3.0.0: db 3.0.0 reads data format 3, but 1 is on disk',
    ]);
  });

  test('may rest on versions that are given in the same command', () => {
    const first = world().with('db 1.0.0', { data: { writes: 1 } });
    const given = first
      .offer('db 3.0.0', { data: { reads: [2, 3], writes: 3 } })
      .offer('db 2.0.0', { data: { reads: [1, 2], writes: 2 } });
    const decision = given.install();
    expect(changes(decision)).toEqual(['db 1.0.0 -> 3.0.0']);
    const placed = planOf(decision).steps.flatMap((step) => (step.kind === 'place-bundle' ? step.bundle.version : []));
    expect(placed).toEqual(['2.0.0', '3.0.0']);
    expect(refused(first.offer('db 3.0.0').offer('db 0.9.0').install())).toBe(
      'conflict: db 3.0.0 and db 0.9.0 cannot be in one generation | give one db only',
    );
  });

  test('never turn back, and rest on no prerelease and on nothing made for another machine', () => {
    const hot = service({
      up: [{ from: '*', steps: HOT }],
      down: [{ to: '*', steps: HOT }],
      default: { up: 'hot', down: 'hot' },
    });
    const machine = running(
      world()
        .with('db 1.0.0', service())
        .keep('db 0.9.0', hot)
        .keep('db 3.0.0', hot)
        .keep('db 2.0.0-rc.1', hot)
        .keep('db 1.5.0', { ...hot, platform: { os: ['darwin'] } })
        .keep('db 2.0.0', service({ up: [{ from: '1.5.0 || 2.0.0-rc.1 || 0.9.0', steps: HOT }] })),
    );
    expect(ways(machine, { to: ['db 2.0.0'] })).toEqual([['db 1.0.0 -> 2.0.0 restart']]);
  });

  test('tell why the direct one was not taken', () => {
    expect(whyNot(ladder('db 1.5.0', 'db 1.2.0'), { to: ['db 2.1.0'] })).toEqual([
      'db 1.0.0 -> db 2.1.0: no way is declared, and the default is stop-migrate-start; by way of 1.4.0 it is less',
    ]);
  });
});

describe('a limit', () => {
  test('that nothing fits into is refused with every way that was looked at', () => {
    expect(noWay(ladder('db 1.5.0'), { to: ['db 2.1.0'], limits: { maxClass: 'reload' } })).toMatchObject({
      code: 'limit-exceeded',
      message: 'no way leads from db 1.0.0 to 2.1.0 with --max-class reload',
      hint: 'the lowest limit that allows it: --max-class restart',
      causes: [
        {
          causes: expect.arrayContaining([
            { message: 'db 1.0.0 -> db 2.1.0: stop-migrate-start disturbs more than --max-class reload allows' },
            { message: 'db 1.4.0 -> db 2.1.0: restart disturbs more than --max-class reload allows' },
          ]),
        },
      ],
    });
  });

  test('makes longer ways possible, and does not bind what does not run', () => {
    expect(ways(ladder(), { to: ['db 2.1.0'], limits: { maxClass: 'hot' } })).toHaveLength(4);
    const idle = ladder('db 1.5.0').fact({ services: [] });
    expect(ways(idle, { to: ['db 2.1.0'], limits: { maxClass: 'none' } })).toHaveLength(1);
  });
});

describe('data', () => {
  const second = { data: { reads: [1, 2], writes: 2 } };

  test('that was recorded counts more than what the installed version would write', () => {
    const machine = world()
      .with('db 2.0.0', second)
      .keep('db 1.0.0', { data: { writes: 1 } });
    expect(noWay(machine, { to: ['db 1.0.0'] }).code).toBe('no-path');
    const untouched = machine.fact({ dataFormats: new Map([['db', 1]]) });
    expect(ways(untouched, { to: ['db 1.0.0'] })).toEqual([['db 2.0.0 -> 1.0.0 none']]);
  });

  test('is brought back by a migration on the way down, or its loss is accepted by name', () => {
    const down = [{ to: '1.x', steps: [{ migrate: 'bin/migrate' }] }];
    const machine = world()
      .with('db 2.0.0', { ...second, upgrade: { down } })
      .keep('db 1.0.0', { data: { writes: 1 } });
    expect(ways(machine, { to: ['db 1.0.0'] })).toHaveLength(1);
    const without = world()
      .with('db 2.0.0', second)
      .keep('db 1.0.0', { data: { writes: 1 } });
    expect(ways(without, { to: ['db 1.0.0'], overrides: { acceptDataLoss: ['db'] } })).toHaveLength(1);
  });

  test('that may only go forward does not go back', () => {
    const machine = world().with('data 2.0.0', { monotonic: true }).keep('data 1.0.0');
    expect(noWay(machine, { to: ['data 1.0.0'] }).causes).toMatchObject([
      { causes: [{ message: 'data 2.0.0 -> data 1.0.0: data may only go forward' }] },
    ]);
  });
});

describe('several bundles', () => {
  const step = service({ default: { up: 'restart' }, up: [{ from: '1.0.x', steps: HOT }] });
  const last = service({ default: { up: 'restart' }, up: [{ from: '1.5.x', steps: HOT }] });

  test('end together: the one with more hops begins earlier', () => {
    const machine = running(
      world()
        .with('db 1.0.0', service())
        .with('web 1.0.0')
        .keep('db 1.5.0', step)
        .keep('db 2.0.0', last)
        .offer('web 2.0.0')
        .offer('new 1.0.0'),
    );
    expect(ways(machine, { to: ['db 2.0.0', 'web 2.0.0', 'new 1.0.0'] })).toEqual([
      ['db 1.0.0 -> 1.5.0 hot'],
      ['db 1.5.0 -> 2.0.0 hot', 'web 1.0.0 -> 2.0.0 none', '+ new 1.0.0'],
    ]);
  });

  test('move earlier where a stop on the way needs them, also those that come', () => {
    const machine = running(
      world()
        .with('db 1.0.0', service())
        .with('lib 1.0.0')
        .keep('db 1.5.0', { ...step, depends: { lib: '>=2', base: '*' } })
        .keep('db 2.0.0', { ...last, depends: { lib: '>=2' } })
        .offer('lib 2.0.0')
        .offer('base 1.0.0'),
    );
    expect(ways(machine, { to: ['db 2.0.0', 'lib 2.0.0', 'base 1.0.0'] })).toEqual([
      ['lib 1.0.0 -> 2.0.0 none', 'db 1.0.0 -> 1.5.0 hot', '+ base 1.0.0'],
      ['db 1.5.0 -> 2.0.0 hot'],
    ]);
  });

  test('pass by a stop that nobody could live with', () => {
    const machine = running(
      world()
        .with('db 1.0.0', service())
        .with('web 1.0.0', { depends: { db: '1.0.x || 1.6.x || 2.x' } })
        .keep('db 1.5.0', step)
        .keep('db 1.6.0', service({ up: [{ from: '1.0.x', steps: RELOAD }] }))
        .keep('db 2.0.0', service({ default: { up: 'restart' }, up: [{ from: '1.5.x || 1.6.x', steps: HOT }] })),
    );
    expect(ways(machine, { to: ['db 2.0.0'] })).toEqual([['db 1.0.0 -> 1.6.0 reload'], ['db 1.6.0 -> 2.0.0 hot']]);
    expect(whyNot(machine, { to: ['db 2.0.0'] })).toContain(
      'db 1.0.0 -> db 1.5.0: web 1.0.0 needs db 1.0.x || 1.6.x || 2.x, but db would be 1.5.0',
    );
  });

  test('rest where another one on its way needs them to be', () => {
    const machine = world()
      .with('a 1.0.0')
      .with('b 1.0.0', { data: { writes: 1 } })
      .keep('a 2.0.0')
      .keep('a 3.0.0')
      .keep('b 2.0.0', { data: { reads: [1, 2], writes: 2 }, depends: { a: '2.x' } })
      .keep('b 3.0.0', { data: { reads: [2, 3], writes: 3 }, depends: { a: '>=3' } });
    expect(ways(machine, { to: ['a 3.0.0', 'b 3.0.0'] })).toEqual([
      ['a 1.0.0 -> 2.0.0 none', 'b 1.0.0 -> 2.0.0 none'],
      ['a 2.0.0 -> 3.0.0 none', 'b 2.0.0 -> 3.0.0 none'],
    ]);
  });

  test('are refused when the only way rests where nobody could live', () => {
    const machine = world()
      .with('db 1.0.0', { data: { writes: 1 } })
      .with('web 1.0.0', { depends: { db: '<2 || >=3' } })
      .keep('db 2.0.0', { data: { reads: [1, 2], writes: 2 } })
      .keep('db 3.0.0', { data: { reads: [2, 3], writes: 3 } });
    expect(noWay(machine, { to: ['db 3.0.0'] })).toMatchObject({
      code: 'no-path',
      message:
        'no order of the hops keeps everyone satisfied on the way: web 1.0.0 needs db <2 || >=3, but db would be 2.0.0',
    });
  });

  test('swap in one hop where each alone breaks the other', () => {
    const machine = running(
      world()
        .with('perl 5.6.1', { depends: {} })
        .with('mod_perl 1.26.0', service({}, { depends: { perl: '<5.8' } }))
        .offer('perl 5.8.0', { upgrade: { up: [{ from: '5.6.x', steps: [{ restart: 'mod_perl/main' }] }] } })
        .offer(
          'mod_perl 1.27.0',
          service({ up: [{ from: '1.26.x', steps: RESTART }] }, { depends: { perl: '>=5.8' } }),
        ),
    );
    expect(ways(machine, { to: ['mod_perl 1.27.0', 'perl 5.8.0'] })).toEqual([
      ['perl 5.6.1 -> 5.8.0 restart', 'mod_perl 1.26.0 -> 1.27.0 restart'],
    ]);
  });
});

describe('a release', () => {
  test('reloads what stays, while one bundle comes and another leaves', () => {
    const newer = service({ up: [{ from: '1.0.x', steps: RELOAD }], down: [{ to: '1.0.x', steps: RELOAD }] });
    const machine = running(
      world()
        .with('my-app1 1.0.0', service())
        .with('other-app 1.0.0', service())
        .offer('my-app1 1.1.0', newer)
        .offer('my-app2 1.0.0'),
    );
    expect(ways(machine, { to: ['my-app1 1.1.0', 'my-app2 1.0.0'], remove: ['other-app'] })).toEqual([
      ['my-app1 1.0.0 -> 1.1.0 reload', '+ my-app2 1.0.0', '- other-app'],
    ]);
  });

  test('changes live state, and what needs it goes with it', () => {
    const UPDATE = [{ update: 'main', extra: { add: 'ttl' } }];
    const store = service({ up: [{ from: '1.x', steps: UPDATE }], down: [{ to: '1.x', steps: UPDATE }] });
    const web = service({ up: [{ from: '3.0.x', steps: RELOAD }] }, { depends: { store: '2.x' } });
    const machine = running(
      world()
        .with('store 1.4.0', service())
        .with('web 3.0.0', service({}, { depends: { store: '1.x' } }))
        .offer('store 2.0.0', store)
        .offer('web 3.1.0', web),
    );
    expect(ways(machine, { to: ['store 2.0.0', 'web 3.1.0'] })).toEqual([
      ['store 1.4.0 -> 2.0.0 hot', 'web 3.0.0 -> 3.1.0 reload'],
    ]);
  });

  test('of data goes on as long as the version behind it can read it', () => {
    const REPLACE = [{ check: 'prove' }, { replace: 'main' }];
    const declared = { up: [{ from: '1.x', steps: REPLACE }], down: [{ to: '1.x', steps: REPLACE }] };
    const machine = running(
      world()
        .with('catz 2.0.0', service(declared, { data: { reads: [7, 8], writes: 8 } }))
        .keep('catz 1.0.0', service({}, { data: { reads: [7], writes: 7 } })),
    );
    expect(noWay(machine, { to: ['catz 1.0.0'] }).code).toBe('no-path');
    const before = machine.fact({ dataFormats: new Map([['catz', 7]]) });
    expect(ways(before, { to: ['catz 1.0.0'] })).toEqual([['catz 2.0.0 -> 1.0.0 replace']]);
  });
});

test('a hundred bundles with fifty versions each are no burden', () => {
  const names = Array.from({ length: 100 }, (_, name) => `b${name}`);
  const versions = Array.from({ length: 49 }, (_, minor) => minor + 1);
  const installed = names.reduce((built, name) => built.with(`${name} 1.0.0`, service()), world());
  const newer = names.flatMap((name) =>
    versions.map((minor) => {
      const hot = { from: `1.${minor - 1}.x`, steps: HOT };
      const far = { from: `<1.${minor - 1}`, steps: RESTART };
      return bundle(`${name} 1.${minor}.0`, service({ up: [hot, far] }), 'archive');
    }),
  );
  const known = new Map([...installed.facts.known, ...newer.map((one) => [one.id.digest, one] as const)]);
  const machine = running(installed.fact({ known }));
  expect(ways(machine, { to: names.map((name) => `${name} 1.49.0`) })).toHaveLength(49);
});
