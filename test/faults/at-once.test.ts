import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { examineRoot } from '../crash/examine-root.ts';
import { makeBundle } from '../crash/make-bundle.ts';
import { effectsOf, leave, makePlace, type Place, succeed } from '../crash/place.ts';
import { runProgram } from '../crash/program.ts';
import { prepareRace, race } from './race.ts';
import { letGo, makeWaitingBundle, startAndWait } from './waiting-bundle.ts';

let place: Place;

beforeEach(() => {
  place = makePlace('at-once');
});

afterEach(() => leave(place));

function pkg(...words: readonly string[]) {
  return runProgram(place.program, ['--root', place.root, '--yes', ...words]);
}

describe('two at once', () => {
  test('the second is told who is first, or waits for it', async () => {
    const archive = await makeWaitingBundle(place, 'slow');
    const other = await makeBundle(place, { name: 'other', version: '1.0.0' });
    const { child, end } = await startAndWait(place, 'install', archive);
    const busy = await pkg('install', other);
    expect(busy.exit).toBe(4);
    expect(busy.stderr).toContain(`held by pid ${child.pid}`);
    const waiting = pkg('--wait=30s', 'install', other);
    letGo(place);
    expect((await end).exit).toBe(0);
    expect((await waiting).exit).toBe(0);
    expect(examineRoot(place.root).bundles).toEqual(['other 1.0.0', 'slow 1.0.0']);
  });

  test('of eight one wins, the others say who holds the lock, and a reader sees what was or what will be', async () => {
    const archives = await prepareRace(place);
    for (const runners of [archives.slice(0, 2), archives]) expect(await race(place, runners)).toEqual([]);
  });

  test('readers never wait', async () => {
    const archive = await makeWaitingBundle(place, 'slow');
    const { end } = await startAndWait(place, 'install', archive);
    expect((await pkg('list')).exit).toBe(0);
    letGo(place);
    expect((await end).exit).toBe(0);
  });
});

describe('a hook that calls pkg on its own root', () => {
  test.each([
    ['is refused', '', 3],
    ['finds the lock taken when it hides where it comes from', 'env -u PKG_TRANSACTION', 4],
  ])('%s, and the change goes on', async (_does, prefix, exit) => {
    const inner = await makeBundle(place, { name: 'inner', version: '1.0.0' });
    const call = `${prefix} "$PKG_NODE" ${place.program} --root "$PKG_ROOT" --yes install ${inner}`;
    const script = `[ "\${0##*/}" != preinstall ] || { ${call}; echo "exit $?" >> ${place.effects}; }`;
    const outer = await makeBundle(place, { name: 'outer', version: '1.0.0', script });
    await succeed(place, 'install', outer);
    expect(effectsOf(place)).toContain(`exit ${exit}`);
    expect(examineRoot(place.root).bundles).toEqual(['outer 1.0.0']);
  });
});

describe('six at once', () => {
  test('leave a whole root, round after round', async () => {
    const make = (name: string, version: string) => makeBundle(place, { name, version });
    const [a1, a2, b1, b2] = [
      await make('a', '1.0.0'),
      await make('a', '2.0.0'),
      await make('b', '1.0.0'),
      await make('b', '2.0.0'),
    ];
    const orders = [
      ['install', a1, b1],
      ['install', a2],
      ['install', b2, a2],
      ['remove', 'a'],
      ['downgrade', '--force', b1],
      ['rollback'],
    ];
    for (let round = 0; round < 5; round++) {
      const runs = await Promise.all(orders.map((order) => pkg('--wait=60s', ...order)));
      // 3: what it asked for makes no sense after what another did first.
      for (const { exit, stderr } of runs) expect([0, 3], stderr).toContain(exit);
      expect(() => examineRoot(place.root)).not.toThrow();
      expect((await pkg('recover')).stderr).toContain('nothing to recover');
      for (const folder of ['tmp', 'trash']) expect(fs.readdirSync(path.join(place.root, folder))).toEqual([]);
    }
    const outcomes = effectsOf(place).filter((line) => line.includes('abort-'));
    expect(outcomes).toEqual([]);
  }, 180_000);
});
