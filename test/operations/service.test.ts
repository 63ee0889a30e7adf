import fs from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { until } from '../support/pkg.ts';
import { serviceBench } from './service-bench.ts';

/** `app` needs `db`, and both are installed and stopped. */
async function appOnDb() {
  const t = await serviceBench();
  await t.ok('install', '-y', await t.web('db', '1.0.0'), await t.web('app', '1.0.0', {}, { depends: { db: '*' } }));
  return t;
}

describe('starting and stopping', () => {
  test('starts what a service needs first, and stops in the other order', async () => {
    const t = await appOnDb();
    const started = await t.ok('service', 'start', 'app');
    expect(started.err.split('\n').filter(Boolean)).toEqual([
      expect.stringMatching(/^db\/server 1\.0\.0 is ready after \d+ ms \(pid \d+, port \d+\)$/),
      expect.stringMatching(/^app\/server 1\.0\.0 is ready after \d+ ms \(pid \d+, port \d+\)$/),
    ]);
    expect((await t.ask('app')).version).toBe('1.0.0');
    expect(await t.states()).toEqual(['db/server running', 'app/server running']);

    const stopped = await t.ok('service', 'stop', '--all');
    expect(stopped.err).toBe('app/server is stopped\ndb/server is stopped\n');
    expect(await t.answers('app')).toBe(false);
    expect(await t.states()).toEqual(['db/server stopped', 'app/server stopped']);
  });

  test('says that there is nothing to do', async () => {
    const t = await appOnDb();
    expect((await t.ok('service', 'stop', 'db')).err).toBe('db/server does not run\n');
    await t.ok('service', 'start', 'db');
    const { pid } = await t.ask('db');
    const again = await t.ok('service', 'start', 'db', '--json');
    expect(again.json).toMatchObject({ event: 'result', outcome: 'nothing-to-do', services: [{ bundle: 'db', pid }] });
    expect((await t.ok('service', 'start', 'db')).err).toBe(`db/server runs already (pid ${pid})\n`);
  });

  test('warns when something goes on running without what it needs', async () => {
    const t = await appOnDb();
    await t.ok('service', 'start', '--all');
    expect((await t.ok('service', 'stop', 'db')).err).toContain('app/server needs db/server, and goes on running');
    expect(await t.states()).toEqual(['db/server stopped', 'app/server running']);
  });

  test('leaves the earlier ones running when a later one does not become ready, and shows its log', async () => {
    const t = await serviceBench();
    const start = [process.execPath, '-e', 'console.log("no way"); setTimeout(() => {}, 60000)'];
    await t.ok(
      'install',
      '-y',
      await t.web('db', '1.0.0'),
      await t.web('app', '1.0.0', { start, ready: { file: 'nowhere', timeout: '600ms' } }, { depends: { db: '*' } }),
    );
    const ended = await t.pkg('service', 'start', '--all', '--json');
    expect(ended.exit).toBe(7);
    expect(ended.error.message).toMatch(/^app\/server is not ready after 600ms: .*:\n {2}no way$/);
    expect(ended.json).toMatchObject({
      outcome: 'undone',
      services: [
        { bundle: 'db', state: 'running' },
        { bundle: 'app', state: 'stopped', pid: null },
      ],
    });
  });

  test('one that fails keeps only those from their turn that need it', async () => {
    const t = await serviceBench();
    await t.ok(
      'install',
      '-y',
      await t.web('db', '1.0.0', { start: ['false'] }),
      await t.web('app', '1.0.0', {}, { depends: { db: '*' } }),
      await t.web('other', '1.0.0'),
    );
    const ended = await t.pkg('service', 'start', '--all');
    expect(ended.exit).toBe(7);
    expect(ended.err).toContain('app/server is left as it is because of db/server');
    expect(await t.states()).toEqual(['db/server stopped', 'app/server stopped', 'other/server running']);
  });

  test('a signal ends the wait for a service, and stops it again', async () => {
    const t = await serviceBench();
    const never = { ready: { file: 'nowhere', timeout: '5m' } };
    await t.ok('install', '-y', await t.web('db', '1.0.0', never), await t.web('other', '1.0.0'));
    const starting = t.start(['service', 'start', '--all', '-v']);
    await until('it waits', () => starting.errSoFar().includes('nowhere'));
    starting.child.kill('SIGTERM');
    expect((await starting.ended).exit).toBe(143);
    expect(await t.states()).toEqual(['db/server stopped', 'other/server stopped']);
  });

  test('ends with 1 where a service cannot be started', async () => {
    const t = await serviceBench();
    await t.ok('install', '-y', await t.web('db', '1.0.0', { start: ['no-such-program-here'] }));
    const ended = await t.pkg('service', 'start', 'db');
    expect(ended.exit).toBe(1);
    expect(ended.err).toContain('cannot start db/server');
    expect(await t.states()).toEqual(['db/server stopped']);
  });

  test('a port that somebody else has is refused before anything starts', async () => {
    const t = await appOnDb();
    const stranger = createServer().listen(await t.portOf('db'), '127.0.0.1');
    const ended = await t.pkg('service', 'start', 'db');
    stranger.close();
    expect(ended.exit).toBe(3);
    expect(ended.err).toContain(`port ${await t.portOf('db')} is used by`);
  });

  test('a dry run starts and stops nothing', async () => {
    const t = await appOnDb();
    expect((await t.ok('service', 'start', '--all', '-n')).err).toBe(
      'db/server 1.0.0 would be started\napp/server 1.0.0 would be started\n',
    );
    expect(await t.states()).toEqual(['db/server stopped', 'app/server stopped']);
    await t.ok('service', 'start', 'db');
    expect((await t.ok('service', 'stop', 'db', '-n')).err).toMatch(/^db\/server would be stopped \(pid \d+\)\n$/);
    expect((await t.ok('service', 'restart', 'db', '-n')).err).toBe('db/server 1.0.0 would be restarted\n');
    expect(await t.answers('db')).toBe(true);
  });
});

describe('start options', () => {
  test('words behind -- go to the command, and a restart keeps them', async () => {
    const t = await appOnDb();
    await t.ok('service', 'start', 'db', '--', '--debug', '-n', 'x y');
    const before = await t.ask('db');
    expect(before.words).toEqual(['--debug', '-n', 'x y']);
    await t.ok('service', 'restart', 'db');
    const after = await t.ask('db');
    expect(after.words).toEqual(before.words);
    expect(after.pid).not.toBe(before.pid);
    await t.ok('service', 'stop', 'db');
    await t.ok('service', 'start', 'db');
    expect((await t.ask('db')).words).toEqual([]);
  });

  test('words that have never worked are not kept', async () => {
    const t = await serviceBench();
    const serve = `#!/bin/sh\ntest "$2" != --bad || exit 1\nexec ${process.execPath} server.js "$@"\n`;
    await t.ok(
      'install',
      '-y',
      await t.web('web', '1.0.0', { start: ['bin/serve', '${port}'] }, { files: { 'bin/serve': serve } }),
    );
    expect((await t.pkg('service', 'start', 'web', '--', '--bad')).exit).toBe(7);
    expect(await t.states()).toEqual(['web/server stopped']);
    expect(fs.existsSync(t.at('run/web.server.json'))).toBe(false);
    await t.ok('service', 'start', 'web');
    expect((await t.ask('web')).words).toEqual([]);
  });

  test('words outlive a start that fails, until somebody stops it', async () => {
    const t = await serviceBench();
    const broken = path.join(t.home, 'broken');
    const serve = `#!/bin/sh\ntest ! -e ${broken} || exit 1\nexec ${process.execPath} server.js "$@"\n`;
    const wish = { files: { 'bin/serve': serve } };
    await t.ok('install', '-y', await t.web('web', '1.0.0', { start: ['bin/serve', '${port}'] }, wish));
    await t.ok('service', 'start', 'web', '--', '--debug');
    for (const word of ['restart', 'start', 'restart']) {
      fs.writeFileSync(broken, '');
      expect((await t.pkg('service', word, 'web')).exit).toBe(7);
    }
    fs.rmSync(broken);
    await t.ok('service', 'start', 'web');
    expect((await t.ask('web')).words).toEqual(['--debug']);

    fs.writeFileSync(broken, '');
    await t.pkg('service', 'restart', 'web');
    expect((await t.ok('service', 'stop', 'web')).err).toContain('web/server does not run');
    fs.rmSync(broken);
    await t.ok('service', 'start', 'web');
    expect((await t.ask('web')).words).toEqual([]);
  });

  test('words for several services, or for one that runs, are a mistake', async () => {
    const t = await appOnDb();
    expect((await t.pkg('service', 'start', '--all', '--', '--debug')).exit).toBe(2);
    await t.ok('service', 'start', 'db');
    const ended = await t.pkg('service', 'start', 'db', '--', '--debug');
    expect(ended.exit).toBe(2);
    expect(ended.err).toContain('it already runs');
  });
});

describe('restart and reload', () => {
  test('a restart brings the installed version, and status says what runs until then', async () => {
    const t = await serviceBench();
    await t.ok('install', '-y', await t.web('web', '1.0.0', { onUpgrade: 'none' }));
    await t.ok('service', 'start', 'web');
    await t.ok('install', '-y', await t.web('web', '1.1.0', { onUpgrade: 'none' }));
    const { json } = await t.ok('status', '--json');
    expect(json.services).toMatchObject([{ runningVersion: '1.0.0', installedVersion: '1.1.0', state: 'running' }]);
    expect((await t.ok('status')).out).toContain('1.0.0 (installed 1.1.0: changed, not loaded)');
    await t.ok('service', 'restart', 'web');
    expect((await t.ask('web')).version).toBe('1.1.0');
    expect((await t.ok('status')).out).not.toContain('not loaded');
  });

  test('what ran before comes back when the installed version does not become ready', async () => {
    const t = await serviceBench();
    await t.ok('install', '-y', await t.web('web', '1.0.0', { onUpgrade: 'none', path: 'exact', reload: undefined }));
    await t.ok('service', 'start', 'web');
    const broken = { onUpgrade: 'none', path: 'exact', reload: undefined, start: ['false'] };
    await t.ok('install', '-y', await t.web('web', '1.1.0', broken));
    const ended = await t.pkg('service', 'restart', 'web');
    expect(ended.exit).toBe(7);
    expect(ended.err).toMatch(/web\/server 1\.0\.0 is ready after \d+ ms .* again/);
    expect((await t.ask('web')).version).toBe('1.0.0');
  });

  test('a reload reaches the running process and is proven by its answer', async () => {
    const t = await appOnDb();
    expect((await t.pkg('service', 'reload', 'db')).err).toContain('cannot reload db/server: it does not run');
    await t.ok('service', 'start', 'db');
    const { pid } = await t.ask('db');
    expect((await t.ok('service', 'reload', 'db')).err).toBe(`db/server 1.0.0 has reloaded (pid ${pid})\n`);
    expect(await t.ask('db')).toMatchObject({ pid, version: '1.0.0-reloaded' });
  });
});

describe('after a boot', () => {
  test('only what is enabled is started', async () => {
    const t = await appOnDb();
    expect((await t.ok('service', 'enable', 'app')).err).toBe('app/server is enabled\n');
    expect((await t.ok('service', 'enable', 'app')).err).toBe('app/server is enabled already\n');
    await t.ok('service', 'start', '--all', '--boot');
    expect(await t.states()).toEqual(['db/server stopped', 'app/server running']);
    await t.ok('service', 'stop', '--all');
    await t.ok('service', 'disable', 'app');
    const { json } = await t.ok('service', 'start', '--all', '--boot', '--json');
    expect(json).toMatchObject({ outcome: 'nothing-to-do', services: [] });
  });

  test('what ran comes up with its start options, and what was stopped does not', async () => {
    const t = await serviceBench();
    await t.ok('install', '-y', await t.web('db', '1.0.0', { autostart: true }), await t.web('web', '1.0.0'));
    await t.ok('service', 'stop', 'db');
    await t.ok('service', 'start', 'db', '--', '--fast');
    await t.ok('service', 'start', 'web');
    await t.ok('service', 'disable', 'web');
    for (const name of ['db', 'web']) {
      process.kill((await t.ask(name)).pid, 'SIGKILL');
      const record = JSON.parse(t.read(`run/${name}.server.json`));
      t.tamper(`run/${name}.server.json`, JSON.stringify({ ...record, bootId: 'the boot before' }));
    }
    await t.ok('service', 'start', '--all', '--boot');
    expect(await t.states()).toEqual(['db/server running', 'web/server dead']);
    expect((await t.ask('db')).words).toEqual(['--fast']);
  });

  test('an interrupted change is undone before anything starts', async () => {
    const t = await serviceBench();
    await t.ok('install', '-y', await t.web('web', '1.0.0'));
    await t.ok('service', 'enable', 'web');
    const slow = await t.web('web', '2.0.0', {}, { hooks: { postinstall: 'touch here; exec sleep 60' } });
    const change = t.start(['install', '-y', slow]);
    await until('the hook runs', () => t.exists('transactions/2/scratch/web/here'));
    change.child.kill('SIGKILL');
    await change.ended;
    expect(fs.readlinkSync(t.at('current'))).toBe('generations/2');
    await t.ok('service', 'start', '--all', '--boot');
    expect((await t.ask('web')).version).toBe('1.0.0');
  });
});
