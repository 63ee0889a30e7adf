import { describe, expect, it } from 'vitest';
import type { Manifest, TrafficWay } from '../../src/model/index.ts';
import { planOf, refused, world } from './world.ts';

/** Steps that reach services or run along paths, as `phase: summary` up to the reason. */
function live(decision: Parameters<typeof planOf>[0]): readonly string[] {
  return planOf(decision)
    .steps.filter(({ kind }) => /service|traffic|check|program|units|maintenance|switch|format|forget/.test(kind))
    .map(({ phase, summary }) => `${phase}: ${summary.replace(/: .*$/, '')}`);
}

const web = (more: Partial<Manifest> = {}) => ({ services: { web: { start: ['bin/web'], ports: [8080] } }, ...more });

describe('a first install', () => {
  it('starts what is declared, dependencies first, and proves it', () => {
    const decision = world()
      .offer('app 1.0.0', { ...web(), depends: { redis: '*' }, services: { web: { start: ['bin/web'] } } })
      .offer('redis 7.0.0', { services: { server: { start: ['bin/redis'] } } })
      .install();
    expect(live(decision)).toEqual([
      'switch: switch current to generation 1',
      'apply: start redis/server',
      'apply: start app/web',
      'verify: prove that redis/server answers as 7.0.0',
      'verify: prove that app/web answers as 1.0.0',
    ]);
    expect(planOf(decision).class).toBe('none');
  });

  it('does not start what should not start by itself', () => {
    const decision = world()
      .offer('web 1.0.0', { services: { web: { start: ['bin/web'], autostart: false } } })
      .install();
    expect(live(decision)).toEqual(['switch: switch current to generation 1']);
  });
});

describe('the decision table', () => {
  const installed = world().with('web 1.0.0', web());

  it('leaves a service down that was down, whatever the way', () => {
    const decision = installed.offer('web 2.0.0', web()).install();
    expect(live(decision)).toEqual(['switch: switch current from generation 1 to 2']);
    expect(planOf(decision).notes).toContain('web/web does not run, and is not started');
    expect(planOf(decision)).toMatchObject({ class: 'none', interruption: 0 });
  });

  it('restarts back to back where nothing is declared', () => {
    const decision = installed.running('web/web', '1.0.0', { readyAfterMs: 250 }).offer('web 2.0.0', web()).install();
    expect(live(decision)).toEqual([
      'quiesce: note how web/web runs',
      'switch: switch current from generation 1 to 2',
      'apply: restart web/web',
      'verify: prove that web/web answers as 2.0.0',
    ]);
    expect(planOf(decision)).toMatchObject({ class: 'restart', interruption: 250, pointOfNoReturn: null });
    expect(planOf(decision).wayBack).toEqual({ class: 'restart', loses: [] });
  });

  it('stops what runs through current before the pointer moves', () => {
    const through = { services: { web: { start: ['bin/web'], path: 'current' as const } } };
    const decision = world()
      .with('web 1.0.0', through)
      .running('web/web', '1.0.0')
      .offer('web 2.0.0', through)
      .install();
    expect(live(decision)).toEqual([
      'quiesce: note how web/web runs',
      'quiesce: stop web/web',
      'switch: switch current from generation 1 to 2',
      'apply: start web/web',
      'verify: prove that web/web answers as 2.0.0',
    ]);
    expect(planOf(decision).class).toBe('restart');
  });

  it('reloads where the new version declares it, up and down', () => {
    const declared = {
      ...web(),
      upgrade: { up: [{ from: '1.x', steps: [{ reload: 'web' }] }], down: [{ to: '1.x', steps: [{ reload: 'web' }] }] },
    };
    const up = installed.running('web/web', '1.0.0').offer('web 2.0.0', declared).install();
    expect(live(up)).toContain('apply: reload web/web');
    expect(planOf(up)).toMatchObject({ class: 'reload', interruption: 0, wayBack: { class: 'reload' } });
    const down = world().with('web 2.0.0', declared).running('web/web', '2.0.0').offer('web 1.0.0', web()).downgrade();
    expect(live(down)).toContain('apply: reload web/web');
    expect(planOf(down)).toMatchObject({ class: 'reload', wayBack: { class: 'reload' } });
  });

  it('stops, migrates and starts, with maintenance around it', () => {
    const declared = {
      ...web(),
      data: { writes: 2, reads: [2] },
      upgrade: { up: [{ from: '<2', steps: [{ stop: 'web' }, { migrate: 'bin/migrate' }, { start: 'web' }] }] },
    };
    const decision = world()
      .with('web 1.0.0', { ...web(), data: { writes: 1 } })
      .running('web/web', '1.0.0')
      .offer('web 2.0.0', declared)
      .install();
    expect(live(decision)).toEqual([
      'quiesce: note how web/web runs',
      'quiesce: maintenance of web on',
      'quiesce: stop web/web',
      'switch: switch current from generation 1 to 2',
      'migrate-after: migrate up 1.0.0 -> 2.0.0',
      'migrate-after: the data of web has format 2 from now on',
      'apply: start web/web',
      'verify: prove that web/web answers as 2.0.0',
      'resume: maintenance of web off',
    ]);
    expect(planOf(decision).class).toBe('stop-migrate-start');
  });

  it('goes through nothing where the bundle says so: removed and installed', () => {
    const base = {
      ...web(),
      upgrade: { default: { up: 'base' } },
      hooks: { preinstall: ['hooks/in'], preremove: ['hooks/out'], postremove: ['hooks/gone'] },
    };
    const decision = world().with('web 1.0.0', base).running('web/web', '1.0.0').offer('web 2.0.0', base).install();
    const hooks = planOf(decision).steps.filter(({ kind }) => kind === 'run-hook');
    // What the old one's hooks take away, a user or a link, the new one's make anew, and it is there when the service starts.
    expect(hooks.map(({ phase, summary }) => `${phase}: ${summary}`)).toEqual([
      'quiesce: run preremove remove of web 1.0.0',
      'migrate-before: run postremove remove of web 1.0.0',
      'migrate-before: run preinstall install of web 2.0.0',
    ]);
    expect(planOf(decision).class).toBe('through-base');
  });

  it('replaces beside the old one, which ends after the change is final', () => {
    const beside = { services: { web: { start: ['bin/web'], ports: [8080, 8081], onUpgrade: 'replace' as const } } };
    const decision = world()
      .with('web 1.0.0', beside)
      .running('web/web', '1.0.0', { port: 8080 })
      .offer('web 2.0.0', beside)
      .install();
    expect(live(decision)).toEqual([
      'quiesce: note how web/web runs',
      'switch: switch current from generation 1 to 2',
      'apply: replace web/web by a new one beside it',
      'verify: prove that web/web answers as 2.0.0',
      'clean: end the old instance of web/web',
    ]);
    expect(planOf(decision).notes.join()).toContain('without a proxy');
  });

  it('sends requests to the new one only after the checks have looked at it', () => {
    const traffic: TrafficWay = { adapter: 'nginx', file: '/etc/x', arrives: { tcp: 80 } };
    const beside = {
      services: { web: { start: ['bin/web'], ports: [8080, 8081], onUpgrade: 'replace' as const, traffic } },
      checks: [{ name: 'pages', run: ['bin/pages'], when: ['switched' as const] }],
    };
    const decision = world()
      .with('web 1.0.0', beside)
      .running('web/web', '1.0.0', { port: 8080 })
      .offer('web 2.0.0', beside)
      .install();
    expect(live(decision).slice(2)).toEqual([
      'apply: replace web/web by a new one beside it',
      'verify: check pages of web 2.0.0',
      'verify: send the requests of web/web to the new one',
      'verify: prove that web/web answers as 2.0.0',
      'clean: end the old instance of web/web',
    ]);
  });

  it('refuses to replace behind a proxy that nobody can tell anything', () => {
    const behind = (traffic: TrafficWay) => ({
      services: { web: { start: ['bin/web'], ports: [1, 2], onUpgrade: 'replace' as const, traffic } },
    });
    const upgraded = (traffic: TrafficWay) =>
      world()
        .with('web 1.0.0', behind(traffic))
        .running('web/web', '1.0.0', { port: 1 })
        .offer('web 2.0.0', behind(traffic))
        .install();
    const known = { file: '/etc/x', arrives: { tcp: 80 } };
    expect(refused(upgraded({ adapter: 'haproxy', ...known }))).toContain(
      'traffic-unusable: web/web is behind haproxy, but its traffic has no socket, backend',
    );
    expect(live(upgraded({ adapter: 'nginx', ...known }))).toContain('apply: replace web/web by a new one beside it');
  });
});

describe('several bundles', () => {
  it('adds one, reloads one and removes one in one change (MY_SERVICE 2011.1 to 2011.2)', () => {
    const app1 = {
      services: { node: { start: ['bin/node'] } },
      upgrade: {
        up: [{ from: '1.0.x', steps: [{ reload: 'node' }] }],
        down: [{ to: '1.0.x', steps: [{ reload: 'node' }] }],
      },
    };
    const before = world()
      .with('my_app1 1.0.0', { services: { node: { start: ['bin/node'] } } })
      .with('other_app 1.0.0', { services: { other: { start: ['bin/other'] } } })
      .running('my_app1/node', '1.0.0')
      .running('other_app/other', '1.0.0');
    const decision = before
      .offer('my_app1 1.1.0', app1)
      .offer('my_app2 1.0.0', { services: { two: { start: ['bin/two'] } } })
      .install({ remove: ['other_app'] });
    expect(live(decision).filter((line) => !line.startsWith('verify'))).toEqual([
      'quiesce: note how other_app/other runs',
      'quiesce: note how my_app1/node runs',
      'switch: switch current from generation 1 to 2',
      'apply: reload my_app1/node',
      'apply: start my_app2/two',
      'apply: stop other_app/other',
    ]);
    expect(planOf(decision)).toMatchObject({
      class: 'reload',
      pointOfNoReturn: null,
      wayBack: { class: 'reload', loses: [] },
    });
  });

  const store = {
    services: { store: { start: ['bin/store'], control: 'bin/ctl' } },
    upgrade: {
      up: [{ from: '1.x', steps: [{ update: 'store', extra: { add: 'ttl' } }] }],
      down: [{ to: '1.x', steps: [{ update: 'store', extra: { drop: 'ttl' } }] }],
    },
  };
  const front = {
    depends: { store: '*' },
    services: { web: { start: ['bin/web'], control: 'bin/ctl' } },
    upgrade: {
      up: [{ from: '3.0.x', steps: [{ suspend: 'web' }, { reload: 'web' }, { resume: 'web' }] }],
      down: [{ to: '3.0.x', steps: [{ suspend: 'web' }, { reload: 'web' }, { resume: 'web' }] }],
    },
  };

  it('holds dependents still first, and lets them go on last', () => {
    const decision = world()
      .with('store 1.4.0', store)
      .with('web 3.0.0', front)
      .running('store/store', '1.4.0')
      .running('web/web', '3.0.0')
      .offer('store 2.0.0', store)
      .offer('web 3.1.0', front)
      .install();
    expect(live(decision).filter((line) => !/note/.test(line))).toEqual([
      'quiesce: suspend web/web up 3.0.0 -> 3.1.0',
      'quiesce: suspend store/store up 1.4.0 -> 2.0.0',
      'switch: switch current from generation 1 to 2',
      'migrate-after: migrate store/store up 1.4.0 -> 2.0.0',
      'apply: reload web/web',
      'verify: prove that web/web answers as 3.1.0',
      'resume: resume store/store up 1.4.0 -> 2.0.0',
      'resume: resume web/web up 3.0.0 -> 3.1.0',
      'resume: prove that store/store answers as 2.0.0',
    ]);
  });

  it('turns state back by the newer code, while that is still there', () => {
    const decision = world()
      .with('store 2.0.0', store)
      .with('web 3.1.0', front)
      .running('store/store', '2.0.0')
      .running('web/web', '3.1.0')
      .offer('store 1.4.0', store)
      .offer('web 3.0.0', front)
      .downgrade();
    expect(live(decision).filter((line) => !/note|prove/.test(line))).toEqual([
      'quiesce: suspend web/web down 3.1.0 -> 3.0.0',
      'quiesce: suspend store/store down 2.0.0 -> 1.4.0',
      'migrate-before: migrate store/store down 2.0.0 -> 1.4.0',
      'switch: switch current from generation 1 to 2',
      'apply: reload web/web',
      'resume: resume store/store down 2.0.0 -> 1.4.0',
      'resume: resume web/web down 3.1.0 -> 3.0.0',
    ]);
  });

  it('restarts one service once, whoever asks for it (perl and mod_perl)', () => {
    const httpd = { services: { httpd: { start: ['bin/httpd'] } }, depends: { perl: '*' } };
    const decision = world()
      .with('perl 5.6.1')
      .with('mod_perl 1.26.0', httpd)
      .running('mod_perl/httpd', '1.26.0')
      .offer('perl 5.8.0', { upgrade: { up: [{ from: '*', steps: [{ restart: 'mod_perl/httpd' }] }] } })
      .offer('mod_perl 1.27.0', {
        ...httpd,
        upgrade: { up: [{ from: '1.26.x', steps: [{ check: 'bin/check' }, { restart: 'httpd' }] }] },
      })
      .install();
    expect(live(decision).filter((line) => line.startsWith('apply'))).toEqual(['apply: restart mod_perl/httpd']);
    expect(live(decision)[0]).toBe('check: check up 1.26.0 -> 1.27.0');
  });

  it('touches a running service of an unchanged bundle and names the dependency', () => {
    const app = { depends: { redis: '*' }, services: { web: { start: ['bin/web'] } } };
    const before = world().with('redis 7.0.0').with('app 1.0.0', app).running('app/web', '1.0.0');
    const decision = before.offer('redis 7.2.0').install();
    const summaries = planOf(decision).steps.map(({ summary }) => summary);
    expect(summaries).toContain('restart app/web: it depends on redis, which changes');
    expect(planOf(decision).class).toBe('restart');
    const gentle = { ...app, services: { web: { start: ['bin/web'], onDependency: { redis: 'none' as const } } } };
    const untouched = world()
      .with('redis 7.0.0')
      .with('app 1.0.0', gentle)
      .running('app/web', '1.0.0')
      .offer('redis 7.2.0')
      .install();
    expect(planOf(untouched).class).toBe('none');
  });

  it('leaves dependents alone when only the bytes of the same version are new', () => {
    const app = { depends: { redis: '*' }, services: { web: { start: ['bin/web'] } } };
    const decision = world()
      .with('redis 7.0.0')
      .with('app 1.0.0', app)
      .running('app/web', '1.0.0')
      .offer('redis 7.0.0 again')
      .install();
    expect(planOf(decision).class).toBe('none');
  });
});

describe('several hops', () => {
  const db = (more: Partial<Manifest> = {}) => ({
    services: { db: { start: ['bin/db'], control: 'bin/ctl' } },
    ...more,
  });
  const hot = (from: string) => ({ up: [{ from, steps: [{ call: 'db' }] }] });

  it('takes the gentler way around, and commits once', () => {
    const decision = world()
      .with('db 1.0.0', db())
      .running('db/db', '1.0.0')
      .keep('db 1.2.0', db({ upgrade: hot('1.0.x') }))
      .offer('db 1.4.0', db({ upgrade: hot('1.2.x') }))
      .install();
    const plan = planOf(decision);
    expect(plan).toMatchObject({ class: 'hot', from: 1, to: 3 });
    expect(plan.changes).toMatchObject([{ name: 'db', from: '1.0.0', to: '1.4.0', class: 'hot' }]);
    expect(live(decision)).toEqual([
      'quiesce: note how db/db runs',
      'switch: switch current from generation 1 to 2',
      'apply: call db/db up 1.0.0 -> 1.2.0',
      'resume: prove that db/db answers as 1.2.0',
      'quiesce: note how db/db runs',
      'switch: switch current from generation 2 to 3',
      'apply: call db/db up 1.2.0 -> 1.4.0',
      'resume: prove that db/db answers as 1.4.0',
      'clean: delete generation 2, which was only on the way',
    ]);
    expect(plan.archives.map(({ version }) => version).toSorted()).toEqual(['1.2.0', '1.4.0']);
  });

  it('refuses what disturbs more than is allowed, and says what would do', () => {
    const before = world().with('db 1.0.0', db()).running('db/db', '1.0.0', { readyAfterMs: 8_000 });
    const offered = before.offer('db 2.0.0', db());
    expect(refused(offered.install({ limits: { maxClass: 'reload' } }))).toContain('limit-exceeded');
    expect(refused(offered.install({ limits: { maxInterruption: 5_000 } }))).toContain('8000 ms');
    expect(planOf(offered.install({ limits: { maxInterruption: 9_000 } })).interruption).toBe(8_000);
  });
});

describe('what is refused', () => {
  it('removing what runs, unless stopping it is meant', () => {
    const before = world().with('web 1.0.0', web()).running('web/web', '1.0.0');
    expect(refused(before.remove(['web']))).toContain('service-running');
    expect(live(before.remove(['web'], { stop: true }))).toEqual([
      'quiesce: note how web/web runs',
      'switch: switch current from generation 1 to 2',
      'apply: stop web/web',
    ]);
  });

  it('a port that a stranger has', () => {
    const listeners = new Map([[8080, { pid: 77, command: 'sshd', ours: null }]]);
    expect(refused(world().fact({ listeners }).offer('web 1.0.0', web()).install())).toContain(
      'port-taken: web/web needs port 8080, but sshd (pid 77) listens there',
    );
  });

  it('the same port twice', () => {
    const both = world().offer('web 1.0.0', web()).offer('other 1.0.0', web());
    expect(refused(both.install())).toContain('both have port 8080');
  });

  it('a manager that is not there', () => {
    const unusableManagers = new Map([['systemd' as const, 'systemd is not PID 1 here']]);
    const decision = world()
      .fact({ unusableManagers })
      .offer('web 1.0.0', { services: { web: { manager: 'systemd', start: ['bin/web'] } } })
      .install();
    expect(refused(decision)).toContain('manager-missing');
  });

  it('a unit of the same name that somebody else has made', () => {
    const foreignUnits = new Map([['web/web', '/etc/systemd/system/pkg-web-web.service']]);
    const decision = world().fact({ foreignUnits }).offer('web 1.0.0', kept('web')).install();
    expect(refused(decision)).toContain('pkg-web-web.service, which pkg did not make');
  });

  it('two services that would have the same unit', () => {
    const both = world().offer('a 1.0.0', kept('b-c')).offer('a-b 1.0.0', kept('c'));
    expect(refused(both.install())).toContain('a/b-c and a-b/c would have the same unit');
  });

  it('a step without undo and without backup, unless one way is meant', () => {
    const oneWay = web({ upgrade: { up: [{ from: '*', steps: [{ run: 'bin/burn', irreversible: true }] }] } });
    const offered = world().with('web 1.0.0', web()).running('web/web', '1.0.0').offer('web 2.0.0', oneWay);
    expect(refused(offered.install())).toContain('one-way');
    const plan = planOf(offered.install({ overrides: { oneWay: true } }));
    const point = plan.steps[(plan.pointOfNoReturn ?? 0) - 1];
    expect(point?.kind).toBe('run-program');
    expect(plan.wayBack.loses.join()).toContain('bin/burn');
  });
});

describe('a service that does not run but must be told something', () => {
  it('is started quietly for it, and stopped again', () => {
    const db = (upgrade?: Manifest['upgrade']) => ({
      services: { db: { start: ['bin/db'], control: 'bin/ctl' } },
      ...(upgrade === undefined ? {} : { upgrade }),
    });
    const decision = world()
      .with('db 1.0.0', db())
      .offer('db 1.2.0', db({ up: [{ from: '1.x', steps: [{ update: 'db', extra: {} }] }] }))
      .install();
    expect(live(decision)).toEqual([
      'quiesce: start db/db for the steps that need it alive',
      'quiesce: suspend db/db up 1.0.0 -> 1.2.0',
      'switch: switch current from generation 1 to 2',
      'migrate-after: migrate db/db up 1.0.0 -> 1.2.0',
      'resume: resume db/db up 1.0.0 -> 1.2.0',
      'resume: stop db/db, which did not run before',
    ]);
  });
});

/** A bundle with a service that systemd keeps. */
function kept(service: string): object {
  return { services: { [service]: { manager: 'systemd', start: ['bin/web'] } } };
}

describe('new settings of an unchanged bundle', () => {
  const settings = { greeting: { type: 'string' as const, default: 'hello' } };
  const changed = (service: NonNullable<Manifest['services']>[string]) =>
    live(
      world()
        .with('web 1.0.0', { settings, services: { web: { start: ['bin/web'], ...service } } })
        .running('web/web', '1.0.0')
        .settings('web', { greeting: 'good day' }),
    ).filter((line) => line.startsWith('apply') || line.startsWith('quiesce: stop'));

  it('are told to a service that can be told', () => {
    expect(changed({ control: 'bin/ctl' })).toEqual(['apply: tell web/web its new settings']);
  });

  it('are read again by one that reads through current', () => {
    expect(changed({ path: 'current', reload: { signal: 'SIGHUP' } })).toEqual(['apply: reload web/web']);
  });

  it('need a new start where they stand in the start command, or nothing else helps', () => {
    expect(changed({ control: 'bin/ctl', env: { GREETING: '${setting.greeting}' } })).toEqual([
      'apply: restart web/web',
    ]);
    expect(changed({})).toEqual(['apply: restart web/web']);
  });
});

it('a migration may be told to the service of a dependency', () => {
  const db = { services: { server: { start: ['bin/db'], control: 'bin/ctl' } } };
  const steps = [{ suspend: 'db/server' }, { migrate: 'db/server' }, { resume: 'db/server' }];
  const decision = world()
    .with('db 1.0.0', db)
    .with('app 1.0.0', { depends: { db: '*' } })
    .running('db/server', '1.0.0')
    .offer('app 2.0.0', { depends: { db: '*' }, upgrade: { up: [{ from: '*', steps }] } })
    .install();
  expect(live(decision).filter((line) => !/note|switch|prove/.test(line))).toEqual([
    'quiesce: suspend db/server up 1.0.0 -> 2.0.0',
    'migrate-after: migrate db/server up 1.0.0 -> 2.0.0',
    'resume: resume db/server up 1.0.0 -> 2.0.0',
  ]);
});
