import { describe, expect, test } from 'vitest';
import type { InstalledBundle } from '../../src/model/index.ts';
import { changes, planOf, refusalOf, refused, world } from './world.ts';

describe('the machine', () => {
  test.each([
    [{ os: ['darwin'] }, 'app 1.0.0 is for darwin, this machine is linux x64'],
    [{ cpu: ['arm64', 'ppc64'] }, 'app 1.0.0 is for arm64 or ppc64, this machine is linux x64'],
    [{ os: ['darwin'], cpu: ['arm64'] }, 'app 1.0.0 is for darwin on arm64, this machine is linux x64'],
  ])('refuses a bundle made for %j', (platform, message) => {
    expect(refusalOf(world().offer('app 1.0.0', { platform }).install())).toMatchObject({ code: 'platform', message });
  });

  test('takes a bundle made for this machine or for any', () => {
    const fitting = world()
      .offer('app 1.0.0', { platform: { os: ['linux'], cpu: ['x64', 'arm64'] } })
      .offer('web 1.0.0');
    expect(changes(fitting.install())).toEqual(['+ app 1.0.0', '+ web 1.0.0']);
  });

  test('lists everything missing outside pkg', () => {
    const asking = world()
      .offer('app 1.0.0', {
        host: { nginx: {}, mysql: { range: '>=8' }, redis: { range: '>=6' }, tar: { range: '>=1' } },
      })
      .fact({
        host: new Map([
          ['mysql', { present: true, version: '5.7.0' }],
          ['redis', { present: true, version: null }],
          ['tar', { present: true, version: '1.34.0' }],
        ]),
      });
    expect(refusalOf(asking.install()).causes.map(({ message }) => message)).toEqual([
      'app 1.0.0 needs nginx on this machine, but it is missing',
      'app 1.0.0 needs mysql >=8 on this machine, but it is 5.7.0',
      'app 1.0.0 needs redis >=6 on this machine, but it does not tell its version',
    ]);
    expect(refusalOf(asking.install()).code).toBe('host');
  });
});

describe('the policy of the root', () => {
  test('refuses a version outside its pin', () => {
    const pinned = world()
      .with('a 1.0.0')
      .offer('a 2.0.0')
      .fact({ pins: { a: '1.x' } });
    expect(refused(pinned.install())).toBe(
      'pinned: a is pinned to 1.x, 2.0.0 is outside | if the pin is no longer meant: pkg unpin a',
    );
  });

  test('a pin to one version takes its rebuilds', () => {
    expect(
      changes(
        world()
          .with('a 1.0.0')
          .offer('a 1.0.0+1')
          .fact({ pins: { a: '1.0.0' } })
          .install(),
      ),
    ).toEqual(['a 1.0.0 -> 1.0.0+1']);
  });

  test('a name is chosen within its pin', () => {
    const pinned = world()
      .keep('a 1.0.0')
      .keep('a 2.0.0')
      .fact({ pins: { a: '1.x' } });
    expect(changes(pinned.install({ names: ['a'] }))).toEqual(['+ a 1.0.0']);
    expect(refusalOf(pinned.install({ names: ['a@2'] })).code).toBe('pinned');
  });
});

describe('data', () => {
  const monotonic = world().with('db 2.0.0', { monotonic: true }).offer('db 1.0.0');

  test('what may only go forward does not go down, not even with force', () => {
    expect(refused(monotonic.downgrade({ overrides: { lower: true } }))).toBe(
      'data-loss: db 1.0.0 is lower than the installed 2.0.0, and db may only go forward | ' +
        'go forward instead, or accept the loss: --accept-data-loss db',
    );
  });

  test('and whoever did not mean it is told all that it takes', () => {
    expect(refusalOf(monotonic.install()).hint).toBe(
      'if lower is meant: pkg downgrade --force --accept-data-loss db db-1.0.0.tgz',
    );
  });

  test('unless the loss is accepted by name', () => {
    const decision = monotonic.downgrade({ overrides: { lower: true, acceptDataLoss: ['db'] } });
    expect(changes(decision)).toEqual(['db 2.0.0 down to 1.0.0']);
    expect(planOf(decision).overrides).toEqual(['force', 'accept-data-loss db']);
    expect(planOf(decision).notes).toEqual([
      'goes on although db 1.0.0 is lower than the installed 2.0.0, and db may only go forward',
    ]);
  });

  test('what is given up counts as what the version writes from then on, and the plan says so', () => {
    const newer = world()
      .with('db 2.0.0', { data: { reads: [2], writes: 2 } })
      .offer('db 1.0.0', { data: { reads: [1], writes: 1 } });
    const plan = planOf(newer.downgrade({ overrides: { lower: true, acceptDataLoss: ['db'] } }));
    expect(plan.notes).toEqual(['goes on although db 1.0.0 reads data format 1, but db 2.0.0 has written format 2']);
    expect(plan.steps.find(({ kind }) => kind === 'note-data-format')).toMatchObject({ from: 2, to: 1 });
  });

  test.each([
    ['up', { reads: [3], writes: 3 }, false],
    ['up', { reads: [1, 2, 3], writes: 3 }, true],
    ['up', { writes: 2 }, true],
    ['up', { writes: 3 }, false],
    ['up', { directory: true }, true],
  ] as const)('going %s to a version with data %j: %s', (_, data, isFine) => {
    const decision = world()
      .with('db 1.0.0', { data: { reads: [1, 2], writes: 2 } })
      .offer('db 2.0.0', { data })
      .install();
    expect(decision.kind).toBe(isFine ? 'plan' : 'refusal');
    if (!isFine)
      expect(refusalOf(decision).message).toBe('db 2.0.0 reads data format 3, but db 1.0.0 has written format 2');
  });

  test('bars the way back as well, and what takes the place of another', () => {
    const old = world().offer('db 1.0.0', { data: { writes: 1 } });
    const live = old.after(old.install()).offer('db 2.0.0', { data: { reads: [1, 2], writes: 2 } });
    expect(refusalOf(live.after(live.install()).rollback()).code).toBe('data-loss');
    const other = world()
      .with('db 1.0.0', { data: { writes: 1 } })
      .offer('base 1.0.0', { data: { writes: 9 }, replaces: { db: '*' } });
    expect(refusalOf(other.install()).message).toBe(
      'base 1.0.0 reads data format 9, but db 1.0.0 has written format 1',
    );
  });
});

describe('clashes', () => {
  test('refuses one command from two bundles', () => {
    const two = world()
      .with('a 1.0.0', { bin: { run: 'bin/a' } })
      .offer('b 1.0.0', { bin: { run: 'bin/b' } });
    expect(refusalOf(two.install())).toMatchObject({
      code: 'clash',
      message: 'a 1.0.0 and b 1.0.0 both have the command run',
    });
  });

  test('of two that were both asked for is one to be chosen, for the third is not all that is in the way', () => {
    const bin = { bin: { run: 'bin/run' } };
    const three = world().with('a 1.0.0', bin).offer('b 1.0.0', bin).offer('c 1.0.0', bin);
    expect(refusalOf(three.install()).hint).toBe('choose between a and b and c');
  });

  test('refuses one link from two bundles', () => {
    const links = { '/etc/x.conf': 'etc/x' };
    expect(refusalOf(world().offer('a 1.0.0', { links }).offer('b 1.0.0', { links }).install()).message).toBe(
      'a 1.0.0 and b 1.0.0 both have the link /etc/x.conf',
    );
  });

  test('refuses a link where something foreign stands, and takes over what is ours', () => {
    const linked = world().offer('a 1.0.0', { links: { '/etc/x.conf': 'etc/x' } });
    const there = (what: 'foreign' | 'ours') =>
      linked.fact({ externalLinks: new Map([['/etc/x.conf', what]]) }).install();
    expect(refusalOf(there('foreign')).message).toBe(
      'a 1.0.0 links /etc/x.conf, but something that pkg did not make is there',
    );
    expect(there('ours').kind).toBe('plan');
  });
});

describe('drift', () => {
  const edited = world()
    .with('a 1.0.0')
    .with('b 1.0.0')
    .fact({ drift: [{ bundle: id('a 1.0.0'), path: 'bin/a', change: 'changed' }] });

  test.each([
    ['changed', edited.offer('a 2.0.0').install()],
    ['removed', edited.remove(['a'])],
  ])('refuses to leave behind what was edited in a bundle that is %s', (_, decision) => {
    expect(refusalOf(decision)).toMatchObject({
      code: 'drift',
      message: 'bin/a of a 1.0.0 was changed by hand (changed)',
    });
  });

  test('goes on when accepted, and when the edited bundle stays', () => {
    const accepted = edited.offer('a 2.0.0').install({ overrides: { acceptDrift: true } });
    expect(planOf(accepted).notes).toEqual(['goes on although bin/a of a 1.0.0 was changed by hand (changed)']);
    expect(planOf(edited.offer('b 2.0.0').install()).notes).toEqual([
      'files of a 1.0.0 were changed by hand; they stay as they are: pkg verify',
    ]);
  });
});

describe('space', () => {
  const mib = 1024 * 1024;
  const fresh = world().offer('a 1.0.0');

  test('refuses what would not fit, blocks or inodes', () => {
    expect(refusalOf(fresh.fact({ space: { bytes: 16 * mib, inodes: 10 ** 6 } }).install())).toMatchObject({
      code: 'no-space',
      message: 'the change needs 17 MiB, but /srv/app has 16 MiB free',
    });
    expect(refusalOf(fresh.fact({ space: { bytes: 17 * mib, inodes: 1009 } }).install()).message).toBe(
      'the change needs 1010 inodes, but /srv/app has 1009 free',
    );
    expect(fresh.fact({ space: { bytes: 17 * mib, inodes: 1010 } }).install().kind).toBe('plan');
  });

  test('removing works on a full disk', () => {
    expect(
      world()
        .with('a 1.0.0')
        .fact({ space: { bytes: 0, inodes: 0 } })
        .remove(['a']).kind,
    ).toBe('plan');
  });
});

/** The id of an installed bundle. */
function id(title: string): InstalledBundle {
  const found = world().with(title).facts.current?.bundles[0];
  if (found === undefined) throw new Error(title);
  return found;
}
