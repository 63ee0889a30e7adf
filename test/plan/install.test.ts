import { describe, expect, test } from 'vitest';
import { changes, members, planOf, refusalOf, refused, steps, world } from './world.ts';

const oldPerl = world()
  .with('perl 5.6.0')
  .with('mod_perl 1.26.0', { depends: { perl: '<5.8' } });

describe('perl and mod_perl', () => {
  test('installs perl and mod_perl together though each alone is refused', () => {
    const both = oldPerl.offer('perl 5.8.0').offer('mod_perl 1.27.0', { depends: { perl: '>=5.8' } });
    expect(changes(both.install())).toEqual(['perl 5.6.0 -> 5.8.0', 'mod_perl 1.26.0 -> 1.27.0']);
  });

  test('refuses perl alone and says what to look for', () => {
    expect(refused(oldPerl.offer('perl 5.8.0').install())).toBe(
      'dependency: mod_perl 1.26.0 needs perl <5.8, but perl would be 5.8.0 | ' +
        'install a mod_perl that accepts perl 5.8.0 with it: pkg install perl-5.8.0.tgz mod_perl-VERSION.tgz',
    );
  });

  test('refuses perl alone and names the kept mod_perl that would go with it', () => {
    const kept = oldPerl.keep('mod_perl 1.27.0', { depends: { perl: '>=5.8' } }).offer('perl 5.8.0');
    expect(refused(kept.install())).toBe(
      'dependency: mod_perl 1.26.0 needs perl <5.8, but perl would be 5.8.0 | ' +
        'install mod_perl 1.27.0 with it: pkg install perl-5.8.0.tgz mod_perl@1.27.0',
    );
  });

  test('the request a refusal ends with succeeds', () => {
    const kept = oldPerl.keep('mod_perl 1.27.0', { depends: { perl: '>=5.8' } }).offer('perl 5.8.0');
    expect(changes(kept.install({ names: ['mod_perl@1.27.0'] }))).toEqual([
      'perl 5.6.0 -> 5.8.0',
      'mod_perl 1.26.0 -> 1.27.0',
    ]);
  });

  test('refuses mod_perl alone', () => {
    const alone = oldPerl.offer('mod_perl 1.27.0', { depends: { perl: '>=5.8' } });
    expect(refused(alone.install())).toBe(
      'dependency: mod_perl 1.27.0 needs perl >=5.8, but perl would be 5.6.0 | ' +
        'install perl >=5.8 with it: pkg install mod_perl-1.27.0.tgz perl-VERSION.tgz',
    );
  });

  test('a refusal tells who is behind the one that complains', () => {
    const site = oldPerl.with('site 1.0.0', { depends: { mod_perl: '*' } }).offer('perl 5.8.0');
    expect(refusalOf(site.install()).causes).toEqual([
      {
        message: 'mod_perl 1.26.0 needs perl <5.8, but perl would be 5.8.0',
        causes: [{ message: 'site 1.0.0 needs mod_perl' }],
      },
    ]);
  });

  test('a refusal lists every broken dependency', () => {
    const two = oldPerl.with('dbi 1.0.0', { depends: { perl: '~5.6' } }).offer('perl 5.8.0');
    const refusal = refusalOf(two.install());
    expect(refusal.message).toBe('dbi 1.0.0 needs perl ~5.6, but perl would be 5.8.0 (and 1 more)');
    expect(refusal.causes).toHaveLength(2);
  });

  test('goes on when the dependency is ignored by name, and says so', () => {
    const decision = oldPerl.offer('perl 5.8.0').install({ overrides: { ignoreDepends: ['perl'] } });
    expect(planOf(decision).overrides).toEqual(['ignore-depends perl']);
    expect(planOf(decision).notes).toEqual([
      'goes on although mod_perl 1.26.0 needs perl <5.8, but perl would be 5.8.0',
    ]);
  });

  test('a dependency that was broken before does not bar other changes', () => {
    const broken = oldPerl.offer('perl 5.8.0');
    const later = broken.after(broken.install({ overrides: { ignoreDepends: ['perl'] } })).offer('web 1.0.0');
    expect(changes(later.install())).toEqual(['+ web 1.0.0']);
  });
});

describe('names and kept bundles', () => {
  test('takes the newest kept one that fits everybody', () => {
    const kept = world()
      .with('perl 5.6.0')
      .keep('mod_perl 1.26.0', { depends: { perl: '<5.8' } })
      .keep('mod_perl 1.27.0', { depends: { perl: '>=5.8' } });
    expect(changes(kept.install({ names: ['mod_perl'] }))).toEqual(['+ mod_perl 1.26.0']);
  });

  test('adds what the named ones need, and marks it as only needed', () => {
    const kept = world()
      .keep('app 1.0.0', { depends: { lib: '^1' } })
      .keep('lib 1.0.0')
      .keep('lib 1.1.0')
      .keep('lib 2.0.0');
    expect(members(kept.install({ names: ['app'] }))).toEqual(['app 1.0.0*', 'lib 1.1.0']);
  });

  test('goes back to an older dependency when the newest needs something unknown', () => {
    const kept = world()
      .keep('app 1.0.0', { depends: { lib: '*' } })
      .keep('lib 1.0.0')
      .keep('lib 1.1.0', { depends: { base: '*' } });
    expect(members(kept.install({ names: ['app'] }))).toEqual(['app 1.0.0*', 'lib 1.0.0']);
  });

  test('adds a kept bundle that provides the name', () => {
    const kept = world()
      .keep('app 1.0.0', { depends: { 'app-api': '>=2' } })
      .keep('server 9.0.0', { provides: { 'app-api': '2.1.0' } });
    expect(members(kept.install({ names: ['app'] }))).toEqual(['app 1.0.0*', 'server 9.0.0']);
  });

  test('never changes an installed bundle that was not named', () => {
    const kept = world()
      .with('lib 1.0.0')
      .keep('lib 2.0.0')
      .keep('app 1.0.0', { depends: { lib: '>=2' } });
    expect(refused(kept.install({ names: ['app'] }))).toBe(
      'dependency: app 1.0.0 needs lib >=2, but lib would be 1.0.0 | install lib 2.0.0 with it: pkg install app lib@2.0.0',
    );
  });

  test('takes a version, a range, a rebuild or the upstream label', () => {
    const kept = world().keep('otp 14.1.0', { label: 'R14B01' }).keep('otp 14.1.0+2').keep('otp 15.0.0');
    const chosen = (name: string) => changes(kept.install({ names: [name] }));
    expect(chosen('otp')).toEqual(['+ otp 15.0.0']);
    expect(chosen('otp@<15')).toEqual(['+ otp 14.1.0+2']);
    expect(chosen('otp@14.1.0+2')).toEqual(['+ otp 14.1.0+2']);
    expect(chosen('otp@R14B01')).toEqual(['+ otp 14.1.0']);
  });

  test('prefers a release to a newer prerelease', () => {
    const kept = world().keep('web 1.0.0').keep('web 2.0.0-rc1');
    expect(changes(kept.install({ names: ['web'] }))).toEqual(['+ web 1.0.0']);
  });

  test('says which versions are kept when none fits', () => {
    const kept = world().keep('web 1.0.0').keep('web 1.1.0');
    expect(refused(kept.install({ names: ['web@>=2'] }))).toBe(
      'not-installed: no web >=2 is kept; there is web 1.1.0 and 1.0.0 | pkg list --all shows what is installed and kept',
    );
  });

  test('says when a name is not known at all', () => {
    expect(refusalOf(world().install({ names: ['nope'] })).message).toBe(
      'nothing installed or kept goes by the name nope',
    );
  });

  test('a file may bring in what it needs from the kept ones, if nothing of that name is there', () => {
    const decision = world()
      .keep('lib 1.0.0')
      .offer('app 1.0.0', { depends: { lib: '*' } })
      .install();
    expect(members(decision)).toEqual(['app 1.0.0*', 'lib 1.0.0']);
  });

  test('names what is missing at the end of a chain', () => {
    const decision = world()
      .keep('lib 1.0.0', { depends: { base: '>=3' } })
      .offer('app 1.0.0', { depends: { lib: '*' } })
      .install();
    expect(refusalOf(decision).message).toBe('lib 1.0.0 needs base >=3, but base would be absent');
  });
});

describe('what is asked for and what is only needed', () => {
  test('everything given as a file counts as asked for', () => {
    expect(members(world().offer('a 1.0.0').offer('b 1.0.0').install())).toEqual(['a 1.0.0*', 'b 1.0.0*']);
  });

  test('a dependency given as a file later counts as asked for, and nothing else changes', () => {
    const decision = world()
      .needed('lib 1.0.0')
      .with('app 1.0.0', { depends: { lib: '*' } })
      .offer('lib 1.0.0')
      .install();
    expect(changes(decision)).toEqual([]);
    expect(members(decision)).toEqual(['app 1.0.0*', 'lib 1.0.0*']);
    expect(planOf(decision).notes).toEqual(['lib 1.0.0 counts as asked for from now on']);
  });

  test('a dependency stays a dependency when something else is installed', () => {
    const decision = world().needed('lib 1.0.0').offer('web 1.0.0').install();
    expect(members(decision)).toEqual(['lib 1.0.0', 'web 1.0.0*']);
  });
});

describe('versions', () => {
  test('the same version and digest is nothing to do', () => {
    expect(world().with('web 1.0.0').offer('web 1.0.0').install()).toEqual({
      kind: 'nothing',
      because: 'all of it is installed already',
    });
  });

  test('the same version with another digest is a rebuild', () => {
    expect(changes(world().with('web 1.0.0').offer('web 1.0.0 again').install())).toEqual(['web 1.0.0 again']);
  });

  test('a rebuild with its own number goes up', () => {
    expect(changes(world().with('web 1.0.0').offer('web 1.0.0+1').install())).toEqual(['web 1.0.0 -> 1.0.0+1']);
  });

  test('two versions of one bundle cannot be asked for', () => {
    expect(refused(world().offer('web 1.0.0').offer('web 2.0.0').install())).toBe(
      'conflict: web 1.0.0 and web 2.0.0 cannot be in one generation | give one web only',
    );
  });

  test('refuses a lower version and shows how to mean it', () => {
    expect(refused(world().with('web 2.0.0').offer('web 1.0.0').install())).toBe(
      'downgrade-needs-force: web 1.0.0 is lower than the installed 2.0.0 | if lower is meant: pkg downgrade --force web-1.0.0.tgz',
    );
  });
});

describe('provides, conflicts, replaces', () => {
  test('a provided name counts with its own version', () => {
    const api = world().with('server 9.0.0', { provides: { 'app-api': '2.1.0' } });
    expect(changes(api.offer('app 1.0.0', { depends: { 'app-api': '>=2 <3' } }).install())).toEqual(['+ app 1.0.0']);
    expect(refusalOf(api.offer('app 1.0.0', { depends: { 'app-api': '>=3' } }).install()).message).toBe(
      'app 1.0.0 needs app-api >=3, but app-api would be 2.1.0 (from server 9.0.0)',
    );
  });

  test('pkg itself is always provided', () => {
    expect(
      changes(
        world()
          .offer('app 1.0.0', { depends: { pkg: '>=0.1' } })
          .install(),
      ),
    ).toEqual(['+ app 1.0.0']);
    expect(
      refused(
        world()
          .offer('app 1.0.0', { depends: { pkg: '>=9' } })
          .install(),
      ),
    ).toBe('dependency: app 1.0.0 needs pkg >=9, but this is pkg 0.1.0 | upgrade pkg itself: app 1.0.0 needs pkg >=9');
  });

  test.each([
    [
      'the new one declares it',
      world()
        .with('a 1.0.0')
        .offer('b 1.0.0', { conflicts: { a: '*' } }),
    ],
    [
      'the installed one declares it',
      world()
        .with('a 1.0.0', { conflicts: { b: '<2' } })
        .offer('b 1.0.0'),
    ],
    [
      'it is about a provided name',
      world()
        .with('a 1.0.0', { provides: { mta: '1.0.0' } })
        .offer('b 1.0.0', { conflicts: { mta: '*' } }),
    ],
  ])('refuses a conflict when %s, and shows the way out', (_, both) => {
    const refusal = refusalOf(both.install());
    expect(refusal.code).toBe('conflict');
    expect(refusal.hint).toBe('remove a with it: pkg install b-1.0.0.tgz --remove a');
    expect(changes(both.install({ remove: ['a'] }))).toEqual(['+ b 1.0.0', '- a 1.0.0']);
  });

  test('a bundle may conflict with the name it provides itself', () => {
    const decision = world()
      .offer('postfix 3.0.0', { provides: { mta: '1.0.0' }, conflicts: { mta: '*' } })
      .install();
    expect(changes(decision)).toEqual(['+ postfix 3.0.0']);
  });

  test('a bundle takes the place of the one it replaces and inherits that it was asked for', () => {
    const old = world()
      .with('old-name 2.0.0')
      .needed('other 1.0.0')
      .keep('new-name 3.0.0', { replaces: { 'old-name': '<3' } });
    const decision = old.upgrade();
    expect(changes(decision)).toEqual(['+ new-name 3.0.0', '- old-name 2.0.0']);
    expect(members(decision)).toEqual(['new-name 3.0.0*', 'other 1.0.0']);
  });

  test('a bundle outside the replaced range leaves the old one alone', () => {
    const decision = world()
      .with('old-name 3.0.0')
      .offer('new-name 3.0.0', { replaces: { 'old-name': '<3' } })
      .install();
    expect(changes(decision)).toEqual(['+ new-name 3.0.0']);
  });

  test('the old one may come back beside it when asked for, and an upgrade leaves both alone', () => {
    const live = world()
      .with('new 2.0.0', { replaces: { old: '*' } })
      .with('web 1.0.0')
      .offer('old 1.0.0');
    const both = live.after(live.install()).keep('web 1.1.0');
    expect(changes(both.upgrade())).toEqual(['web 1.0.0 -> 1.1.0']);
  });

  test('those who need the old name are content only if the new one provides it', () => {
    const old = world()
      .with('old 1.0.0')
      .with('app 1.0.0', { depends: { old: '1.x' } });
    const without = old.offer('new 2.0.0', { replaces: { old: '*' } });
    const provided = old.offer('new 2.0.0', { replaces: { old: '*' }, provides: { old: '1.9.0' } });
    expect(refusalOf(without.install()).message).toBe('app 1.0.0 needs old 1.x, but old would be absent');
    expect(changes(provided.install())).toEqual(['+ new 2.0.0', '- old 1.0.0']);
  });

  test('hooks of a replaced bundle hear in whose favour it goes', () => {
    const hooks = { preremove: ['hooks/pre'], postremove: ['hooks/post'] };
    const decision = world()
      .with('old 1.0.0', { hooks })
      .offer('new 2.0.0', { replaces: { old: '*' } })
      .install();
    expect(steps(decision)).toContain('quiesce: run preremove remove in-favour new 2.0.0 of old 1.0.0');
    expect(steps(decision)).toContain('resume: run postremove remove in-favour new 2.0.0 of old 1.0.0');
  });
});
