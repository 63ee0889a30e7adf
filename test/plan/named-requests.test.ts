import { describe, expect, test } from 'vitest';
import { refusalOf, refused, type World, world } from './world.ts';

describe('the request that a refusal names', () => {
  const pair = world()
    .with('perl 5.8.0')
    .with('mod_perl 1.27.0', { depends: { perl: '>=5.8' } })
    .keep('perl 5.6.0')
    .keep('mod_perl 1.26.0', { depends: { perl: '<5.8' } });

  test('names all that must go down, before anybody says --force', () => {
    const hint = 'if lower is meant: pkg downgrade --force perl@5.6.0 mod_perl@1.26.0';
    expect(hintOf(pair.downgrade({ names: ['perl@5.6.0'] }))).toBe(hint);
    const names = ['perl@5.6.0', 'mod_perl@1.26.0'];
    expect(pair.downgrade({ names, overrides: { lower: true } }).kind).toBe('plan');
    const given = pair.offer('perl 5.6.0');
    expect(hintOf(given.install())).toBe('if lower is meant: pkg downgrade --force perl-5.6.0.tgz mod_perl@1.26.0');
  });

  test('takes out the bundle that has the command already', () => {
    const tool = { bin: { tool: 'bin/tool' } };
    const two = world().with('a 1.0.0', tool).offer('b 1.0.0', tool);
    expect(hintOf(two.install())).toBe('remove a with it: pkg install b-1.0.0.tgz --remove a');
    expect(two.install({ remove: ['a'] }).kind).toBe('plan');
    const needed = two.with('c 1.0.0', { depends: { a: '*' } });
    expect(hintOf(needed.install())).toBe('remove a, c with it: pkg install b-1.0.0.tgz --remove a --remove c');
    expect(needed.install({ remove: ['a', 'c'] }).kind).toBe('plan');
    const itself = world()
      .with('a 1.0.0', tool)
      .offer('b 1.0.0', { ...tool, depends: { a: '*' } });
    expect(hintOf(itself.install())).toBe('choose between a and b');
    expect(hintOf(world().offer('a 1.0.0', tool).offer('b 1.0.0', tool).install())).toBe('choose between a and b');
  });

  test('tells of a foreign file only where one is in the way', () => {
    const foreign = world()
      .offer('a 1.0.0', { links: { '/etc/x': 'x' } })
      .fact({ externalLinks: new Map([['/etc/x', 'foreign']]) });
    expect(hintOf(foreign.install())).toBe('move the foreign file away');
  });

  test('says which pin keeps out what would help', () => {
    const pinned = world()
      .with('perl 5.6.0')
      .with('mod_perl 1.26.0', { depends: { perl: '<5.8' } })
      .keep('mod_perl 1.27.0', { depends: { perl: '>=5.8' } })
      .offer('perl 5.8.0')
      .fact({ pins: { mod_perl: '1.26.0' } });
    expect(hintOf(pinned.install())).toBe(
      'if the pin is no longer meant: pkg unpin mod_perl; then install mod_perl 1.27.0 with it: pkg install perl-5.8.0.tgz mod_perl@1.27.0',
    );
    expect(pinned.fact({ pins: {} }).install({ names: ['mod_perl@1.27.0'] }).kind).toBe('plan');
  });

  test('exchanges what was asked for and does not fit', () => {
    const app = { depends: { perl: '<5.8' } };
    const unknown = world().offer('app 1.0.0', app).offer('perl 5.8.0');
    expect(hintOf(unknown.install())).toBe(
      'install perl <5.8 instead of perl 5.8.0: pkg install app-1.0.0.tgz perl-VERSION.tgz',
    );
    const kept = unknown.keep('perl 5.6.0');
    expect(hintOf(kept.install())).toBe(
      'install perl <5.8 instead of perl 5.8.0: pkg install app-1.0.0.tgz perl@5.6.0',
    );
  });

  test('names nothing twice', () => {
    const both = world()
      .with('perl 5.6.0')
      .with('app 1.0.0', { depends: { perl: '*' } })
      .offer('web 1.0.0');
    expect(hintOf(both.install({ remove: ['perl'] }))).toBe(
      'remove app too: pkg install web-1.0.0.tgz --remove app --remove perl',
    );
    expect(both.install({ remove: ['app', 'perl'] }).kind).toBe('plan');
  });
});

describe('a bundle that is to be installed and to be removed', () => {
  const installed = world().with('web 1.0.0').keep('web 0.9.0');

  test.each<[string, () => unknown]>([
    ['install', () => refused(installed.offer('web 2.0.0').install({ remove: ['web'] }))],
    ['downgrade', () => refused(installed.downgrade({ names: ['web@0.9.0'], remove: ['web'] }))],
  ])('%s says that these cannot both be meant', (_, answer) => {
    expect(answer()).toBe('usage: web is to be installed and to be removed | leave out one of the two');
  });
});

test('a prerelease outside a range of releases is told to be one', () => {
  const early = world()
    .offer('app 1.0.0', { depends: { perl: '>=5' } })
    .offer('perl 6.0.0-rc.1');
  expect(refusalOf(early.install()).message).toBe(
    'app 1.0.0 needs perl >=5, but perl would be 6.0.0-rc.1, a prerelease, which only a range that names one takes',
  );
});

function hintOf(decision: ReturnType<World['install']>): string | undefined {
  return refusalOf(decision).hint;
}
