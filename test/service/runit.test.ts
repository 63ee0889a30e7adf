import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ServiceBench, serviceBench } from '../operations/service-bench.ts';
import { needsMounts } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/pkg.ts';
import { servedMachine } from '../support/runit.ts';

describe('a service that runit keeps', () => {
  needs('root', 'runsvdir', 'unshare', 'curl');
  needsMounts();

  test('is started with its install, upgraded, told to reload, stopped, and removed without a trace', async () => {
    const { t, machine, unit } = await runitBench();
    await succeed(machine, 'install', '--yes', await t.web('web', '1.0.0', SERVICE));
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
    expect(await status(machine)).toMatchObject([{ state: 'running', supervised: true }]);
    expect(fs.existsSync(machine.definition(unit, 'down'))).toBe(false);

    await succeed(machine, 'install', '--yes', await t.web('web', '2.0.0', SERVICE));
    expect(await t.ask('web')).toMatchObject({ version: '2.0.0' });
    await succeed(machine, 'service', 'reload', 'web');
    await until('it has read its files again', async () => (await heard(t))?.version === '2.0.0-reloaded');

    await succeed(machine, 'service', 'stop', 'web');
    expect(await heard(t)).toBe(null);
    expect(await status(machine)).toMatchObject([{ state: 'stopped', pid: null }]);

    await succeed(machine, 'remove', '--yes', 'web');
    expect(fs.existsSync(machine.definition(unit))).toBe(false);
    expect(fs.lstatSync(machine.served(unit), { throwIfNoEntry: false })).toBe(undefined);
  });

  test('is started again when it was killed', async () => {
    const { t, machine } = await runitBench();
    await succeed(machine, 'install', '--yes', await t.web('web', '1.0.0', SERVICE));
    const { pid } = await t.ask('web');
    process.kill(pid, 'SIGKILL');
    await until('another answers', async () => ![undefined, pid].includes((await heard(t))?.pid));
    expect(await status(machine)).toMatchObject([{ state: 'running', pid: (await t.ask('web')).pid }]);
  });

  test('is as it was when an upgrade is undone', async () => {
    const { t, machine, unit } = await runitBench();
    await succeed(machine, 'install', '--yes', await t.web('web', '1.0.0', SERVICE));
    const before = fs.readFileSync(machine.definition(unit, 'run'), 'utf8');
    const bad = { ...SERVICE, ready: { ...READY, status: 500, timeout: '1s' } };
    expect((await machine.pkg('install', '--yes', await t.web('web', '2.0.0', bad))).exit).toBe(7);
    expect(fs.readFileSync(machine.definition(unit, 'run'), 'utf8')).toBe(before);
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
  });

  test('comes up after a boot without words that it never started with', async () => {
    const { t, machine, unit } = await runitBench();
    const picky = { ...SERVICE, start: ['bin/serve', '${port}'] };
    await succeed(machine, 'install', '--yes', await t.web('web', '1.0.0', picky, REFUSES_BAD));
    await succeed(machine, 'service', 'stop', 'web');
    await succeed(machine, 'install', '--yes', await t.web('web', '2.0.0', picky, REFUSES_BAD));
    const kept = () => [
      fs.readFileSync(machine.definition(unit, 'run'), 'utf8'),
      JSON.parse(t.read('run/web.server.json')),
    ];
    const before = kept();
    // It may be runsv that sees it end, or the wait for its answer.
    expect([1, 7]).toContain((await machine.pkg('service', 'start', 'web', '--', '--bad')).exit);
    expect(kept()).toEqual(before);
    await machine.reboot();
    await until('it has come up', async () => (await heard(t)) !== null);
    expect(await t.ask('web')).toMatchObject({ version: '2.0.0', words: [] });
  });

  test('is what it was when it died in an upgrade that only reloads, and came up as what the upgrade made of it', async () => {
    const { t, machine } = await runitBench();
    const reloads = { ...SERVICE, onUpgrade: 'reload' };
    await succeed(machine, 'install', '--yes', await t.web('web', '1.0.0', reloads));
    const { pid } = await t.ask('web');
    const url = `http://127.0.0.1:${await t.portOf('web')}/`;
    const dies = `kill -9 ${pid}; until curl -sf ${url} | grep '"version":"2.0.0"'; do sleep 0.1; done; exit 1`;
    const check = { checks: [{ name: 'dies', when: ['switched'], run: ['sh', '-c', dies], timeout: '60s' }] };
    const ended = await machine.pkg('install', '--yes', await t.web('web', '2.0.0', reloads, check));
    expect(ended).toMatchObject({ exit: 7 });
    expect(ended.err).toContain('undone: everything is as before');
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
    expect(await status(machine)).toMatchObject([{ state: 'running', runningVersion: '1.0.0' }]);
  });

  test('is up in its former version when the power failed in an upgrade and somebody recovers', async () => {
    const { t, machine } = await runitBench();
    const idle = await t.web('idle', '1.0.0', { ...SERVICE, autostart: false });
    await succeed(machine, 'install', '--yes', await t.web('web', '1.0.0', SERVICE), idle);
    await succeed(machine, 'service', 'start', 'idle');
    const held = path.join(t.home, 'held');
    const check = {
      checks: [{ name: 'held', when: ['switched'], run: ['sh', '-c', `touch ${held}; exec sleep 1000`] }],
    };
    const next = [await t.web('web', '2.0.0', SERVICE, check), await t.web('idle', '2.0.0', SERVICE)];
    const upgrade = machine.pkg('install', '--yes', ...next);
    await until('the new version is live, and not yet final', () => fs.existsSync(held), 60);
    await machine.reboot();
    expect((await upgrade).exit).not.toBe(0);
    await until('runsvdir has started what it found', async () => (await heard(t))?.version === '2.0.0');

    const { exit, out, err } = await machine.pkg('recover');
    expect({ exit, err }).toMatchObject({ exit: 0 });
    expect(out + err).toMatch(/web\/server 1\.0\.0 is ready after \d+ ms/);
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
    expect(await status(machine)).toMatchObject([
      { bundle: 'idle', state: 'dead', enabled: false },
      { bundle: 'web', state: 'running', runningVersion: '1.0.0', pid: (await t.ask('web')).pid },
    ]);
    expect((await machine.pkg('recover')).err).toContain('nothing to recover');

    // Where recovery runs before runsvdir, the former version is what that finds; that of a container is not waited for.
    fs.rmSync(held);
    await servedMachine(t.home);
    const again = machine.pkg('install', '--yes', ...next);
    await until('the new version is live again', () => fs.existsSync(held), 60);
    const said = await machine.reboot('recover');
    await again;
    expect(said).toMatch(/was undone\n$/);
    expect(said).not.toMatch(/warning|error/);
    await until('it has come up', async () => (await heard(t)) !== null);
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
    expect(JSON.parse(await succeed(machine, 'status', '--json'))).toMatchObject({ openTransaction: null });
  });

  test('is as it was when an upgrade is undone and it came up with the machine', async () => {
    const { t, machine } = await runitBench();
    await succeed(machine, 'install', '--yes', await t.web('web', '1.0.0', SERVICE));
    await machine.reboot();
    await until('it has come up', async () => (await heard(t)) !== null);
    await succeed(machine, 'service', 'reload', 'web');
    await until('it has read its files again', async () => (await heard(t))?.version === '1.0.0-reloaded');
    const bad = { ...SERVICE, ready: { ...READY, status: 500, timeout: '1s' } };
    expect((await machine.pkg('install', '--yes', await t.web('web', '2.0.0', bad))).exit).toBe(7);
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
    const [web] = await status(machine);
    expect(web).toMatchObject({ state: 'running', runningVersion: '1.0.0' });

    // By the clock of another boot it would have begun at some other time.
    const record = JSON.parse(t.read('run/web.server.json'));
    t.tamper('run/web.server.json', JSON.stringify({ ...record, startTime: 1, bootId: 'the boot before' }));
    expect(await status(machine)).toEqual([web]);
  });

  test('is named and gets its unit back where the settings of others are lost, but not where its own or those it needs are', async () => {
    const { t, machine } = await runitBench();
    const settings = { db: { type: 'string', default: 'shop' } };
    const idle = { ...SERVICE, autostart: false };
    const bundles = [
      await t.bundle('base', '1.0.0', { settings, env: { DB: '${setting.db}' } }),
      await t.web('web', '1.0.0', idle),
      await t.web('over', '1.0.0', idle, { depends: { base: '*' } }),
    ];
    await succeed(machine, 'install', '--yes', '--set', 'base.db=real', ...bundles);
    const units = fs.readdirSync(machine.definition()).toSorted();
    expect(units).toMatchObject([/-over-server$/, /-web-server$/].map((end) => expect.stringMatching(end)));
    for (const unit of units) fs.rmSync(machine.definition(unit, 'run'));
    fs.rmSync(t.at('current/settings.json'));

    const found = await machine.pkg('verify', '--json');
    expect(found.exit).toBe(1);
    const paths = JSON.parse(found.out).damage.map((one: { path: string }) => one.path);
    expect(paths).toEqual(['generations/2/settings.json', `/etc/sv/${units[1]}/run`]);
    const { err } = await machine.pkg('verify', '--repair');
    expect(err).toContain('the settings of generation 2 are lost');
    expect(units.map((unit) => fs.existsSync(machine.definition(unit, 'run')))).toEqual([false, true]);

    await succeed(machine, 'settings', 'set', '--yes', 'base', 'db=real');
    await succeed(machine, 'verify', '--repair');
    expect(units.map((unit) => fs.existsSync(machine.definition(unit, 'run')))).toEqual([true, true]);
  });

  test.each([
    ['cut', (file: string) => fs.truncateSync(file, 40)],
    ['gone', (file: string) => fs.rmSync(file)],
  ])('gets its unit back together with the record of the live generation that is %s', async (_, strike) => {
    const { t, machine, unit } = await runitBench();
    await succeed(machine, 'install', '--yes', await t.web('web', '1.0.0', { ...SERVICE, autostart: false }));
    strike(t.at('generations/2/generation.json'));
    fs.rmSync(machine.definition(unit, 'run'));
    const found = await machine.pkg('verify');
    expect(found.exit).toBe(1);
    expect(found.out).toContain('generations/2/generation.json');
    await succeed(machine, 'verify', '--repair');
    expect(fs.existsSync(machine.definition(unit, 'run'))).toBe(true);
  });

  test('stops by the signal it asks for, and is killed when it does not', async () => {
    const { t, machine } = await runitBench();
    const deaf = {
      ...SERVICE,
      start: [process.execPath, '-e', DEAF, '${port}'],
      stop: { signal: 'SIGINT', timeout: '1s' },
    };
    await succeed(machine, 'install', '--yes', await t.web('web', '1.0.0', deaf));
    const { err } = await machine.pkg('service', 'stop', 'web');
    expect(err).toContain('was killed');
    expect(fs.readFileSync(t.at('log', 'web.server.log'), 'utf8')).toBe('SIGINT\n');
    expect(await heard(t)).toBe(null);
  });

  test('gets every word and variable as it was written', async () => {
    const { t, machine } = await runitBench();
    const start = [process.execPath, '-e', ECHO, '${port}', ...HARD];
    const env = Object.fromEntries(HARD.map((word, index) => [`HARD_${index}`, word]));
    await succeed(machine, 'install', '--yes', await t.web('web', '1.0.0', { ...SERVICE, start, env }));
    const seen = (await t.ask('web')) as unknown as { words: string[]; env: Record<string, string> };
    expect(seen.words.slice(1)).toEqual(HARD);
    expect(HARD.map((_, index) => seen.env[`HARD_${index}`])).toEqual(HARD);
  });
});

const READY = { http: 'http://127.0.0.1:${port}/', timeout: '20s' };

const SERVICE = { manager: 'runit', path: 'current', reload: { signal: 'SIGHUP' }, ready: READY, autostart: true };

const REFUSES_BAD = {
  files: { 'bin/serve': `#!/bin/sh\ntest "$2" != --bad || exit 1\nexec ${process.execPath} server.js "$@"\n` },
};

const DEAF = `
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => console.log(signal));
  require('http').createServer((request, response) => response.end('{}')).listen(Number(process.argv[1]), '127.0.0.1');
`;

const ECHO = `
  const said = JSON.stringify({ words: process.argv.slice(1), env: process.env });
  require('http').createServer((request, response) => response.end(said)).listen(Number(process.argv[1]), '127.0.0.1');
`;

/** Words that mean something to a shell. */
const HARD = ['$HOME `date`', 'it\'s "quoted"', 'back\\slash', 'two\nlines', '', '  spaces  ', '*', 'äöü', '; exit #'];

type Machine = Awaited<ReturnType<typeof servedMachine>>;

async function runitBench() {
  const t = await serviceBench();
  const machine = await servedMachine(t.root);
  // The root comes with the first install, and the names of the units with the root.
  await succeed(machine, 'install', '--yes', await t.bundle('ground', '1.0.0'));
  const { id } = JSON.parse(fs.readFileSync(t.at('root.json'), 'utf8'));
  return { t, machine, unit: `pkg-${id}-web-server` };
}

/** What the server answers; null while nothing does. */
async function heard(t: ServiceBench): Promise<{ readonly version: string; readonly pid: number } | null> {
  return t.ask('web').catch(() => null);
}

async function succeed(machine: Machine, ...words: readonly string[]): Promise<string> {
  const { exit, out, err } = await machine.pkg(...words);
  if (exit !== 0) throw new Error(`pkg ${words.join(' ')} ended with ${exit}:\n${err}\n${out}`);
  return out;
}

async function status(machine: Machine): Promise<readonly object[]> {
  return JSON.parse(await succeed(machine, 'status', '--json')).services;
}
