import fs from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { needsMounts } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { type Answer, PROGRAM, until } from '../support/pkg.ts';
import { type ServiceBench, serviceBench } from './service-bench.ts';

describe('after a power failure in the middle of a change', () => {
  needs('root', 'unshare');
  needsMounts();

  test('recovery brings up what ran and is enabled, behind what it needs, and says so', async () => {
    const t = await serviceBench();
    const app = await t.web('app', '1.0.0', {}, { depends: { db: '*' } });
    await t.ok('install', '-y', await t.web('db', '1.0.0'), app, await t.web('idle', '1.0.0'));
    await t.ok('service', 'start', '--all');
    await t.ok('service', 'enable', 'app');
    const held = path.join(t.home, 'held');
    const check = {
      checks: [{ name: 'held', when: ['switched'], run: ['sh', '-c', `touch ${held}; exec sleep 1000`] }],
    };
    const next = await t.web('app', '2.0.0', {}, { depends: { db: '*' }, ...check });
    const change = t.start(['install', '-y', next, await t.web('idle', '2.0.0')]);
    await until('the new version is live, and not yet final', () => fs.existsSync(held), 60);
    change.child.kill('SIGKILL');
    for (const name of ['app', 'db', 'idle']) process.kill((await t.ask(name)).pid, 'SIGKILL');
    await change.ended;

    const recovered = await afterBoot(t, 'recover');
    expect(recovered).toMatchObject({ exitCode: 0 });
    expect(recovered.stderr).toMatch(/db\/server 1\.0\.0 is ready .*\n.*app\/server 1\.0\.0 is ready/);
    expect(recovered.stderr).not.toContain('idle/server 1.0.0 is ready');
    expect((await t.ask('app')).version).toBe('1.0.0');
    const status = JSON.parse((await afterBoot(t, 'service', 'status', '--json')).stdout);
    const states = status.services.map(({ bundle, state }: Answer) => `${bundle} ${state}`);
    expect(states).toEqual(['db running', 'app running', 'idle dead']);
    expect((await afterBoot(t, 'recover')).stderr).toContain('nothing to recover');
  });

  test('what commands of its bundle start comes up, also when somebody else has the number in its pid file', async () => {
    const t = await serviceBench();
    const start = 'setsid "$PKG_NODE" server.js "$PKG_PORT" & echo $! >"$PKG_DATA_DIR/it.pid"';
    const service = { manager: 'command', start: ['sh', '-c', start], pidFile: '${data}/it.pid', autostart: true };
    const wish = { data: { directory: true } };
    await t.ok('install', '-y', await t.web('web', '1.0.0', service, wish));
    const held = path.join(t.home, 'held');
    const hooks = { postinstall: `touch ${held}; exec sleep 1000` };
    const change = t.start(['install', '-y', await t.web('web', '2.0.0', service, { ...wish, hooks })]);
    await until('the new version is live, and not yet final', () => fs.existsSync(held));
    change.child.kill('SIGKILL');
    process.kill((await t.ask('web')).pid, 'SIGKILL');
    await change.ended;
    fs.writeFileSync(t.at('data/web/it.pid'), `${process.pid}\n`);

    const recovered = await afterBoot(t, 'recover');
    expect(recovered).toMatchObject({ exitCode: 0 });
    expect(recovered.stderr).toContain('web/server 1.0.0 is ready after');
    expect((await t.ask('web')).version).toBe('1.0.0');
  });

  test('what does not come up again is said, and the change is undone all the same', async () => {
    const t = await cutShort();
    await until('nobody answers', async () => !(await t.answers('web')));
    const stranger = createServer().listen(await t.portOf('web'), '127.0.0.1');
    onTestFinished(() => void stranger.close());

    const recovered = await afterBoot(t, 'recover');
    expect(recovered).toMatchObject({ exitCode: 0 });
    expect(recovered.stderr).toContain('web/server ended with the machine and did not come up again: cannot start');
    expect(recovered.stdout + recovered.stderr).toContain('was undone');
    expect(await t.installed()).toEqual(['base@1.0.0', 'web@1.0.0']);
  });

  test('where another bundle is damaged, the change is undone, and it is said that nothing was started', async () => {
    const t = await cutShort();
    const folder = fs.readdirSync(t.at('store/base')).find((name) => name.startsWith('1.0.0-'));
    t.tamper(`store/base/${folder}/bundle.json`, '{');
    const recovered = await afterBoot(t, 'recover');
    expect(recovered).toMatchObject({ exitCode: 0 });
    expect(recovered.stderr).toContain('what ended with the machine was not started: ');
    expect(recovered.stderr).toContain('was undone');

    const repaired = await afterBoot(t, 'verify', '--repair');
    expect(repaired.stderr).toContain('web/server 1.0.0 is ready after');
    expect((await t.ask('web')).version).toBe('1.0.0');
    // What an operator stops from here on stays down.
    expect(await afterBoot(t, 'service', 'stop', 'web')).toMatchObject({ exitCode: 0 });
    expect((await afterBoot(t, 'recover')).stderr).toContain('nothing to recover');
    expect(await t.answers('web')).toBe(false);
  });

  test('a recovery that is cut short has the rest of the services started by the next one', async () => {
    const t = await serviceBench();
    const gate = path.join(t.home, 'gate');
    const start = ['sh', '-c', `: >${gate}.seen; until [ -e ${gate} ]; do sleep 0.1; done; exec "$0" server.js "$1"`];
    const slow = { start: [...start, process.execPath, '${port}'], autostart: true };
    const app = (version: string, hooks = {}) =>
      t.web('app', version, { autostart: true }, { depends: { db: '*' }, hooks });
    fs.writeFileSync(gate, '');
    await t.ok('install', '-y', await t.web('db', '1.0.0', slow), await app('1.0.0'));
    const held = path.join(t.home, 'held');
    const change = t.start(['install', '-y', await app('2.0.0', { postinstall: `touch ${held}; exec sleep 1000` })]);
    await until('the new version is live, and not yet final', () => fs.existsSync(held));
    change.child.kill('SIGKILL');
    for (const name of ['app', 'db']) process.kill((await t.ask(name)).pid, 'SIGKILL');
    await change.ended;
    for (const file of [gate, `${gate}.seen`]) fs.rmSync(file);

    const cut = afterBoot(t, 'recover');
    await until('the first of them is about to start', () => fs.existsSync(`${gate}.seen`));
    cut.kill('SIGKILL');
    await cut;
    fs.writeFileSync(gate, '');
    expect((await afterBoot(t, 'recover')).stderr).toContain('app/server 1.0.0 is ready after');
    expect((await t.ask('app')).version).toBe('1.0.0');
  });
});

/** Runs `pkg` as on this machine after it was started again. */
function afterBoot(t: ServiceBench, ...words: readonly string[]) {
  const boot = path.join(t.home, 'boot-id');
  if (!fs.existsSync(boot)) fs.writeFileSync(boot, `${crypto.randomUUID()}\n`);
  const line = 'mount --bind "$0" /proc/sys/kernel/random/boot_id && exec "$@"';
  return execa('unshare', ['--mount', 'sh', '-c', line, boot, process.execPath, PROGRAM, ...words], {
    reject: false,
    stdin: 'ignore',
    extendEnv: false,
    env: { PATH: process.env.PATH, HOME: t.home, PKG_ROOT: t.root },
  });
}

/** `web` ran beside `base`, and its upgrade was cut short. */
async function cutShort(): Promise<ServiceBench> {
  const t = await serviceBench();
  await t.ok('install', '-y', await t.bundle('base', '1.0.0'), await t.web('web', '1.0.0', { autostart: true }));
  const held = path.join(t.home, 'held');
  const hooks = { postinstall: `touch ${held}; exec sleep 1000` };
  const change = t.start(['install', '-y', await t.web('web', '2.0.0', {}, { hooks })]);
  await until('the new version is live, and not yet final', () => fs.existsSync(held), 60);
  change.child.kill('SIGKILL');
  process.kill((await t.ask('web')).pid, 'SIGKILL');
  await change.ended;
  return t;
}
