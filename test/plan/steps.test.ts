import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/model/index.ts';
import { planOf, steps, world } from './world.ts';

const hooks = {
  preinstall: ['hooks/a'],
  postinstall: ['hooks/b'],
  preremove: ['hooks/c'],
  postremove: ['hooks/d'],
};
const only = (all: readonly string[], word: string) => all.filter((line) => line.includes(word));
const undo = (decision: Decision, summary: string) =>
  planOf(decision).steps.find((step) => step.summary.startsWith(summary))?.undo;

describe('the order of steps', () => {
  test('a first install unpacks dependencies first and switches once', () => {
    const decision = world()
      .offer('app 1.0.0', { depends: { lib: '*' }, hooks })
      .offer('lib 1.0.0', { hooks })
      .install();
    expect(steps(decision)).toEqual([
      'stage: unpack lib 1.0.0',
      'stage: keep the archive of lib 1.0.0',
      'stage: unpack app 1.0.0',
      'stage: keep the archive of app 1.0.0',
      'stage: write generation 1',
      'prepare: run preinstall install of lib 1.0.0',
      'prepare: run preinstall install of app 1.0.0',
      'switch: switch current to generation 1',
      'resume: run postinstall install of lib 1.0.0',
      'resume: run postinstall install of app 1.0.0',
    ]);
    expect(planOf(decision).archives.map(({ file }) => file)).toEqual(['lib-1.0.0.tgz', 'app-1.0.0.tgz']);
  });

  test('a change of everything runs through all phases in order', () => {
    const extra = {
      hooks,
      config: [{ path: 'etc/a.conf' }],
      links: { '/etc/a': 'etc/a' },
      checks: [
        { name: 'syntax', run: ['bin/check'] },
        { name: 'live', run: ['bin/live'], when: ['switched'] as const },
      ],
    };
    const decision = world()
      .with('old 1.0.0', { ...extra, links: { '/etc/old': 'etc/old' } })
      .with('a 1.0.0', extra)
      .offer('a 2.0.0', { ...extra, links: { '/etc/a': 'etc/a', '/etc/z': 'etc/z' } })
      .install({ remove: ['old'] });
    expect(steps(decision)).toEqual([
      'stage: unpack a 2.0.0',
      'stage: keep the archive of a 2.0.0',
      'stage: merge the configuration of a 2.0.0',
      'stage: write generation 2',
      'check: check syntax of a 2.0.0',
      'prepare: run preinstall upgrade 1.0.0 of a 2.0.0',
      'quiesce: run preremove remove of old 1.0.0',
      'switch: take along what was edited meanwhile in the configuration of a 2.0.0',
      'switch: remove the link /etc/old',
      'switch: switch current from generation 1 to 2',
      'switch: make the link /etc/z',
      'verify: check live of a 2.0.0',
      'resume: run postinstall upgrade 1.0.0 of a 2.0.0',
      'resume: run postremove remove of old 1.0.0',
    ]);
    expect(undo(decision, 'switch current')).toBe('switch back to generation 1');
    expect(undo(decision, 'run preinstall')).toBe('run postremove abort-upgrade 1.0.0');
  });

  test('removals go dependents first', () => {
    const decision = world()
      .with('lib 1.0.0', { hooks })
      .with('app 1.0.0', { hooks, depends: { lib: '*' } })
      .remove([], { all: true });
    expect(steps(decision)).toEqual([
      'stage: write generation 2',
      'quiesce: run preremove remove of app 1.0.0',
      'quiesce: run preremove remove of lib 1.0.0',
      'switch: switch current from generation 1 to 2',
      'resume: run postremove remove of app 1.0.0',
      'resume: run postremove remove of lib 1.0.0',
    ]);
  });

  test('purge comes after the commit: the script, then the data', () => {
    const decision = world().with('a 1.0.0', { hooks }).remove(['a'], { purge: true });
    expect(steps(decision).slice(-2)).toEqual([
      'clean: run postremove purge of a 1.0.0',
      'clean: delete data and configuration of a',
    ]);
  });
});

describe('hooks', () => {
  test.each([
    ['up', world().with('a 1.0.0', { hooks }).offer('a 2.0.0', { hooks }).install(), 'upgrade 1.0.0 of a 2.0.0'],
    [
      'a rebuild',
      world().with('a 1.0.0', { hooks }).offer('a 1.0.0 again', { hooks }).install(),
      'upgrade 1.0.0 of a 1.0.0',
    ],
    [
      'down',
      world()
        .with('a 2.0.0', { hooks })
        .offer('a 1.0.0', { hooks })
        .downgrade({ overrides: { lower: true } }),
      'downgrade 2.0.0 of a 1.0.0',
    ],
  ])('%s runs only the install hooks of the version switched to', (_, decision, told) => {
    expect(only(steps(decision), 'run ')).toEqual([
      `prepare: run preinstall ${told}`,
      `resume: run postinstall ${told}`,
    ]);
  });

  test('an unchanged bundle runs nothing', () => {
    expect(only(steps(world().with('a 1.0.0', { hooks }).offer('b 1.0.0').install()), 'run ')).toEqual([]);
  });

  test('a bundle without that hook gets no step, even if it has the one that would undo it', () => {
    const decision = world()
      .offer('a 1.0.0', { hooks: { postremove: ['hooks/d'] } })
      .install();
    expect(only(steps(decision), 'run ')).toEqual([]);
  });

  test('a rollback tells each bundle by its own direction', () => {
    const one = world().offer('a 2.0.0', { hooks }).offer('b 1.0.0', { hooks }).offer('gone 1.0.0', { hooks });
    const first = one
      .after(one.install())
      .offer('a 1.0.0', { hooks })
      .offer('b 2.0.0', { hooks })
      .offer('new 1.0.0', { hooks });
    const live = first.after(first.install({ remove: ['gone'], overrides: { lower: true } }));
    expect(only(steps(live.rollback()), 'run p')).toEqual([
      'prepare: run preinstall upgrade 1.0.0 of a 2.0.0',
      'prepare: run preinstall downgrade 2.0.0 of b 1.0.0',
      'prepare: run preinstall install of gone 1.0.0',
      'quiesce: run preremove remove of new 1.0.0',
      'resume: run postinstall upgrade 1.0.0 of a 2.0.0',
      'resume: run postinstall downgrade 2.0.0 of b 1.0.0',
      'resume: run postinstall install of gone 1.0.0',
      'resume: run postremove remove of new 1.0.0',
    ]);
  });

  test('a call carries its list, its time and what was forced', () => {
    const entries = [{ do: 'hooks/join', undo: 'hooks/leave' }, 'pkg:create-user'];
    const decision = world()
      .with('a 2.0.0')
      .offer('a 1.0.0', { hooks: { preinstall: entries, timeout: '1m' } })
      .downgrade({ overrides: { lower: true } });
    const step = planOf(decision).steps.find(({ kind }) => kind === 'run-hook');
    expect(step).toMatchObject({
      forced: ['force'],
      generation: 2,
      undo: 'run the undo of its parts',
      call: { hook: 'preinstall', action: 'downgrade', rest: ['2.0.0'], otherVersion: '2.0.0', timeout: '1m', entries },
    });
  });
});

describe('configuration', () => {
  const config = [{ path: 'etc/a.conf' }];
  test('a changed bundle gets a new revision from the one edited now; others keep theirs', () => {
    const decision = world()
      .with('a 1.0.0', { config })
      .with('b 1.0.0', { config })
      .offer('a 2.0.0', { config })
      .install();
    expect(written(decision)).toMatchObject({
      revision: '2',
      previous: { bundle: { version: '1.0.0' }, revision: '1' },
      exact: false,
    });
    expect(revisions(decision)).toEqual({ a: '2', b: '1' });
  });

  test('a first install starts from nothing', () => {
    expect(written(world().offer('a 1.0.0', { config }).install())).toMatchObject({ revision: '1', previous: null });
  });

  test('edits follow into the bundle that takes the place', () => {
    const decision = world()
      .with('old 1.0.0', { config })
      .offer('new 1.0.0', { config, replaces: { old: '*' } })
      .install();
    expect(written(decision)).toMatchObject({ previous: { bundle: { name: 'old' }, revision: '1' } });
    expect(revisions(decision)).toEqual({ new: '2' });
  });

  test('a rollback merges what is edited now into the revision it goes back to', () => {
    const up = world().with('a 1.0.0', { config }).offer('a 2.0.0', { config });
    const live = up.after(up.install());
    expect(written(live.rollback(null, { exact: true }))).toMatchObject({
      revision: '3',
      previous: { bundle: { version: '2.0.0' }, revision: '2' },
      restored: '1',
      exact: true,
    });
  });
});

describe('checks', () => {
  const checks = [{ name: 'syntax', run: ['bin/check'] }];

  test('are those of changed bundles and of all that live on them', () => {
    const stack = world()
      .with('perl 5.6.0', { checks })
      .with('mod_perl 1.0.0', { checks, depends: { perl: '*' } })
      .with('site 1.0.0', { checks, depends: { mod_perl: '*' } })
      .with('other 1.0.0', { checks });
    expect(only(steps(stack.offer('perl 5.6.1', { checks }).install()), 'check:')).toEqual([
      'check: check syntax of perl 5.6.1',
      'check: check syntax of mod_perl 1.0.0',
      'check: check syntax of site 1.0.0',
    ]);
  });

  test.each(['syntax', 'a/syntax'])('are skipped by name (%s), with a note', (name) => {
    const decision = world()
      .offer('a 1.0.0', { checks })
      .install({ overrides: { skipChecks: [name] } });
    expect(only(steps(decision), 'check:')).toEqual([]);
    expect(planOf(decision).notes).toEqual(['check syntax of a 1.0.0 is skipped']);
  });
});

describe('external links', () => {
  test('lead through current, and one whose place in the bundle moved is made anew', () => {
    const decision = world()
      .with('a 1.0.0', { links: { '/etc/b': 'etc/b' } })
      .offer('a 2.0.0', { links: { '/etc/a': 'etc/a', '/etc/b': 'etc/b' } })
      .install();
    expect(planOf(decision).steps.filter(({ phase }) => phase === 'switch')).toMatchObject([
      { kind: 'remove-links', links: [{ at: '/etc/b', to: '/srv/app/current/links/a/0' }] },
      { kind: 'switch', from: 1, to: 2 },
      {
        kind: 'make-links',
        links: [
          { at: '/etc/a', to: '/srv/app/current/links/a/0' },
          { at: '/etc/b', to: '/srv/app/current/links/a/1' },
        ],
      },
    ]);
  });
});

function written(decision: Decision) {
  return planOf(decision).steps.find(({ kind }) => kind === 'write-config');
}

function revisions(decision: Decision) {
  return planOf(decision).steps.flatMap((step) => (step.kind === 'write-generation' ? [step.config] : []))[0];
}
