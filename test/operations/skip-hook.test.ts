import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { workbench } from '../support/pkg.ts';
import { onTerminal } from '../support/terminal.ts';
import { serviceBench } from './service-bench.ts';

/** site 1.0.0 is live; the change to 2.0.0 and tools 1.0.0 failed, and one hook that should undo it can never succeed. */
async function stuck() {
  const t = workbench();
  const trace = path.join(t.home, 'trace');
  const note = `echo "\${0##*/} $*" >> ${trace}`;
  await t.ok('install', '-y', await t.bundle('site', '1.0.0'));
  const tools = await t.bundle('tools', '1.0.0', { hooks: { preinstall: note, postremove: note } });
  const hooks = { preinstall: note, postremove: note, postinstall: 'exit 1', preremove: `${note}; exit 3` };
  const failed = await t.pkg('install', '-y', tools, await t.bundle('site', '2.0.0', { hooks }));
  return { ...t, failed, traces: () => fs.readFileSync(trace, 'utf8').trim().split('\n') };
}

describe('an undo hook that can never succeed', () => {
  test('is given up by name, everything else is undone, and the history says who did it', async () => {
    const t = await stuck();
    expect(t.failed.exit).toBe(5);
    const foreseen = await t.ok('recover', '--dry-run');
    expect(foreseen.err).toMatch(/^transaction 2 \(.*\) would be undone\n$/);
    const again = await t.pkg('recover');
    expect(again.exit).toBe(5);
    expect(again.err).toContain('pkg recover --skip-hook site/preremove');
    const { err } = await t.ok('recover', '--skip-hook', 'site/preremove', '--yes');
    expect(err).toContain('warning: site/preremove is not run: --skip-hook');
    expect(err).toContain('was undone');
    expect(t.traces()).toEqual([
      'preinstall install',
      'preinstall upgrade 1.0.0',
      // The change itself, the recovery that was asked for first, and not once more.
      'preremove abort-upgrade 1.0.0',
      'postremove abort-upgrade 1.0.0',
      'postremove abort-install',
      'preremove abort-upgrade 1.0.0',
      'postremove abort-upgrade 1.0.0',
      'postremove abort-install',
      'postremove abort-upgrade 1.0.0',
      'postremove abort-install',
    ]);
    expect(fs.readlinkSync(t.at('current'))).toBe('generations/1');
    expect(await t.installed()).toEqual(['site@1.0.0']);
    const { json } = await t.ok('history', '--json');
    expect(json.transactions.at(-1)).toMatchObject({ outcome: 'undone' });
    expect(json.transactions.at(-1).overrides).toEqual([
      expect.stringMatching(/^recover --skip-hook site\/preremove \(\w+\)$/),
    ]);
    expect((await t.ok('recover')).err).toContain('nothing to recover');
  });

  test('is given up also when nobody can fill in what its bundle declares', async () => {
    const t = workbench();
    const lost = { depends: { lib: '*' }, env: { LIB: '${bundle:lib}' } };
    const site = await t.bundle('site', '1.0.0', { ...lost, hooks: { postinstall: 'true', preremove: 'true' } });
    const failed = await t.pkg('install', '-y', '--ignore-depends', 'lib', site);
    expect(failed.exit).toBe(5);
    expect(failed.err).toContain("site: no value for ${bundle:lib} in '${bundle:lib}'");
    const { err } = await t.ok('recover', '--skip-hook', 'site/preremove', '--yes');
    expect(err).toContain('was undone');
    expect(await t.installed()).toEqual([]);
    // Where nothing would be run, nothing has to be filled in.
    const plain = await t.bundle('plain', '1.0.0', { ...lost, hooks: { postinstall: 'true' } });
    expect(await t.pkg('install', '-y', '--ignore-depends', 'lib', plain)).toMatchObject({ exit: 1 });
  });

  test('is not given up under a wrong name, nor where nobody can say yes', async () => {
    const t = await stuck();
    const wrong = await t.pkg('recover', '--skip-hook', 'site/preinstall', '--yes');
    expect(wrong.exit).toBe(2);
    expect(wrong.err).toContain('nothing that the interrupted transaction has to run has this name');
    expect(wrong.err).toContain('site/preremove');
    const asked = await t.pkg('recover', '--skip-hook', 'site/preremove');
    expect(asked.exit).toBe(2);
    expect(asked.err).toContain('error[needs-yes]');
    expect((await t.ok('history', '--json')).json.transactions.at(-1).outcome).toBe('needs-recovery');
  });
});

describe('a service that cannot come back', () => {
  test('stays down when that is accepted by its name', async () => {
    const t = await serviceBench();
    const [broken, mark] = [path.join(t.home, 'broken'), `test ! -e ${path.join(t.home, 'broken')} || exit 1`];
    const service = { autostart: true, path: 'exact', reload: undefined, start: ['bin/serve', '${port}'] };
    const serve = `#!/bin/sh\n${mark}\nexec ${process.execPath} "$PKG_BUNDLE_DIR/server.js" "$1"\n`;
    const web = (version: string, hooks = {}) =>
      t.web('web', version, service, { files: { 'bin/serve': serve }, hooks });
    await t.ok('install', '-y', await web('1.0.0'));
    const failed = await t.pkg('install', '-y', await web('2.0.0', { postinstall: `touch ${broken}; exit 1` }));
    expect(failed.exit).toBe(5);
    expect((await t.pkg('recover')).err).toContain('--skip-hook web/server');
    await t.ok('recover', '--skip-hook', 'web/server', '--yes');
    expect(await t.states()).toEqual(['web/server dead']);
    fs.rmSync(broken);
    await t.ok('service', 'start', 'web');
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
  });
});

describe('a hook of a purge that can never succeed', () => {
  test('keeps the transaction open, which recovery says with its reason, until it is given up by name', async () => {
    const t = workbench();
    const hooks = { postremove: 'test "$1" = remove || { echo no database >&2; exit 1; }' };
    await t.ok('install', '-y', await t.bundle('n', '1.0.0', { hooks, data: { directory: true } }));
    expect((await t.ok('remove', '-y', '--purge', 'n')).err).toContain('warning: not cleaned up: ');
    const again = await t.pkg('recover');
    expect(again.exit).toBe(5);
    expect(again.err).toContain('warning: not cleaned up: postremove purge of n 1.0.0 failed with exit status 1');
    expect(again.err).toContain('error[open-transaction]: final, but not cleaned up: transaction 2');
    expect(again.err).toContain('pkg recover --skip-hook n/postremove');
    expect(again.err).not.toContain('was finished');
    expect(again.err.trim().split('\n').at(-1)).toBe(
      'transaction 2 (pkg remove -y --purge n) is final; still to do: run postremove purge of n 1.0.0',
    );
    const { exit, json: told, error } = await t.pkg('recover', '--json');
    expect(exit).toBe(5);
    expect(error).toMatchObject({
      code: 'open-transaction',
      hint: expect.stringContaining('--skip-hook n/postremove'),
    });
    const left = [{ summary: 'run postremove purge of n 1.0.0', reason: expect.stringContaining('no database') }];
    expect(told).toMatchObject({
      event: 'result',
      outcome: 'needs-recovery',
      generation: 2,
      transactions: [{ id: 2, did: 'uncleaned', left }],
    });
    // It stands in the way of nothing.
    const other = await t.ok('install', '-y', await t.bundle('y', '1.0.0'));
    expect(other.err).toContain('transaction 2 (pkg remove -y --purge n) is final, but still not cleaned up');
    const { err } = await t.ok('recover', '--skip-hook', 'n/postremove', '--yes');
    expect(err).toContain('warning: n/postremove is not run: --skip-hook');
    expect(err).toContain('was finished');
    expect((await t.ok('recover')).err).toContain('nothing to recover');
    const { json } = await t.ok('history', '--json');
    expect(json.transactions[1].overrides).toEqual([expect.stringMatching(/^recover --skip-hook n\/postremove /)]);
  });
});

test('the name has to be typed on a terminal', async () => {
  const t = await stuck();
  const words = ['recover', '--skip-hook', 'site/preremove'];
  // What there is to give up stands in the journal.
  fs.rmSync(t.at('transactions/2/plan.json'));
  const no = await onTerminal(t, words, [['type site/preremove: ', 'y']]);
  expect(no.exit).toBe(3);
  expect((await onTerminal(t, words, [['type site/preremove: ', 'site/preremove']])).exit).toBe(0);
  expect(await t.installed()).toEqual(['site@1.0.0']);
});

test('nothing is given up where nothing is interrupted', async () => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('site', '1.0.0'));
  const { exit, err } = await t.pkg('recover', '--skip-hook', 'site/preremove', '--yes');
  expect({ exit, err }).toEqual({ exit: 2, err: expect.stringContaining('no transaction is interrupted') });
});
