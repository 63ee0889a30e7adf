import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { inhabitantsOf } from '../support/inhabitants.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/pkg.ts';
import { BESIDE, DIES, type Edits, FEWER_TESTS, NO_PERL, seeksDataAfter, WARNS } from './catz-edits.ts';
import { type Catz, catzWorld, FIRST, isGone, loaded } from './catz-world.ts';

describe('the catalogue', () => {
  needs('hypnotoad', 'nginx', 'memcached', 'prove');

  test('comes up behind nginx, and tells in every answer what it is made of', async () => {
    const t = await installed();
    expect(await t.ask()).toMatchObject({
      status: 200,
      text: 'catz 1.0.0, data of 20220716.1.0\ncat1: A cat on a chair\ncat2: A cat under a chair\n',
      version: '1.0.0',
      data: '20220716.1.0',
      mojolicious: '9.31',
      port: t.ports.blue,
    });
    expect((await t.web()).pid).toBe((await t.ask()).pid);
  });

  test('takes new code by a hot restart, and the old code back: fresh processes, no request lost', async () => {
    const t = await installed();
    const { pid } = await t.ask();
    const visitor = visits(t);
    await t.ok('install', '-y', await t.bundle('catz', '1.1.0'));
    expect(await t.ask()).toMatchObject({ version: '1.1.0', text: expect.stringMatching(/^catz 1\.1\.0,/) });
    expect((await t.web()).pid).not.toBe(pid);
    expect((await t.web()).pid).toBe((await t.ask()).pid);
    expect(t.read('log', 'catz.web.log')).toContain(`Upgrade successful, stopping ${pid}`);

    await t.ok('rollback', '-y');
    expect(await t.ask()).toMatchObject({ version: '1.0.0', text: expect.stringMatching(/^catz 1\.0\.0,/) });
    expect((await visitor.stop()).failed).toEqual([]);
  });

  test('stays as it is when new code only fails under the real server', async () => {
    const t = await installed();
    const before = await t.ask();
    const visitor = visits(t);
    const broken = await t.bundle('catz', '1.1.0', DIES);
    const ended = await t.pkg('install', '-y', '--json', broken);
    expect(ended.exit).toBe(7);
    expect(ended.error.message).toContain('x-catz-version is 1.0.0, not 1.1.0');
    expect((await t.ok('logs', 'catz/web')).out).toContain('no such table');
    expect(ended.json.outcome).toBe('undone');
    const after = await t.ask();
    expect({ version: after.version, text: after.text }).toEqual({ version: '1.0.0', text: before.text });
    expect((await visitor.stop()).failed).toEqual([]);
    expect(await t.installed()).toContain('catz@1.0.0');
  });

  test('takes no release whose tests fail, warn, or are fewer than they should be', async () => {
    const t = await installed();
    const { pid } = await t.ask();
    const suite = async (edits: Edits) => t.pkg('install', '-y', '--json', await t.bundle('catz', '1.1.0', edits));
    const failing = await suite({ 't/catz.t': (text) => text.replace('status_is(404)', 'status_is(200)') });
    expect(failing.exit).toBe(7);
    expect(failing.error.message).toMatch(/Failed test .*200/);
    const warning = await suite(WARNS);
    expect(warning.error.message).toContain('warnings are 1, not 0');
    const fewer = await suite(FEWER_TESTS);
    expect(fewer.error.message).toContain('tests are 5, not >=8');
    expect(await t.ask()).toMatchObject({ version: '1.0.0', pid });
  });

  test('rolls data forward and reverts it without touching the code, and no stale page is served', async () => {
    const t = await installed();
    const { pid, text } = await t.ask();
    await t.ok('install', '-y', await loaded(t, '20220717.1.0', `${FIRST}cat3 A cat\n`));
    const rolled = `${text.replace('20220716.1.0', '20220717.1.0')}cat3: A cat\n`;
    expect(await t.ask()).toMatchObject({ data: '20220717.1.0', pid, text: rolled });

    const lower = await t.pkg('install', '-y', '--json', await loaded(t, '20220716.5.0'));
    expect(lower).toMatchObject({ exit: 3 });
    expect(lower.json.outcome).toBe('refused');

    const back = await t.pkg('rollback', '-y', '--json');
    expect(back.exit).toBe(3);
    expect(back.error.code).toBe('data-loss');
    await t.ok('rollback', '-y', '--accept-data-loss', 'catz-data');
    expect(await t.ask()).toMatchObject({ data: '20220716.1.0', pid, text });
  });

  test('a load that fails leaves nothing behind, and data that the suite cannot live with stays outside', async () => {
    const t = await installed();
    const { pid } = await t.ask();
    const outcome = await t.load('20220717.1.0', `${FIRST}cat1 Once more\n`);
    expect(outcome).toEqual({ problem: expect.stringContaining('meta.txt line 3: cat1 is there twice') });
    expect(fs.readdirSync(path.join(t.home, 'sources')).filter((name) => name.includes('20220717'))).toEqual([]);

    const empty = await t.pkg('install', '-y', '--json', await loaded(t, '20220717.2.0', ''));
    expect(empty.exit).toBe(7);
    expect(empty.error.message).toContain('check suite of catz 1.0.0 failed');
    expect(await t.ask()).toMatchObject({ data: '20220716.1.0', pid });
  });

  test('refuses code that asks for newer data, until a pseudo load makes it', async () => {
    const t = await installed();
    const code = await t.bundle('catz', '1.1.0', seeksDataAfter('20220716.1.0'));
    const alone = await t.pkg('install', '-y', '--json', code);
    expect(alone.exit).toBe(3);
    expect(alone.error.message).toContain('catz-data');
    await t.ok('install', '-y', code, await loaded(t, '20220716.2.0'));
    expect(await t.ask()).toMatchObject({ version: '1.1.0', data: '20220716.2.0' });
  });

  test('cleans old data, and keeps the one before', async () => {
    const t = await installed();
    for (const version of ['20220717.1.0', '20220718.1.0', '20220719.1.0'])
      await t.ok('install', '-y', await loaded(t, version));
    // A generation from which something was started stays, until it is told to go on from the newest.
    await t.ok('service', 'restart', 'cache');
    await t.ok('service', 'reload', 'catz', 'front');
    await t.ok('gc', '-y', '--keep', '2');
    const kept = fs.readdirSync(t.at('store', 'catz-data')).filter((name) => !name.startsWith('.'));
    expect(kept.map((name) => name.replace(/-.*/, '')).toSorted()).toEqual(['20220718.1.0', '20220719.1.0']);
    await t.ok('rollback', '-y', '--accept-data-loss', 'catz-data');
    expect(await t.ask()).toMatchObject({ data: '20220718.1.0' });
  });

  test('goes to a new Mojolicious by a hot restart, and no page of the old one is left in the cache', async () => {
    const t = await installed();
    await stalePage(t, '20220716.1.0');
    const visitor = visits(t);
    await t.ok('install', '-y', await t.bundle('mojolicious', '9.32.0'));
    expect(await t.ask()).toMatchObject({ mojolicious: '9.32', text: expect.stringMatching(/^catz 1\.0\.0,/) });
    expect((await visitor.stop()).failed).toEqual([]);
  });

  test('tests a new perl beside the old one, then starts the application on it', async () => {
    const t = await installed();
    const exe = async () => fs.readlinkSync(`/proc/${(await t.web()).pid}/exe`);
    const old = await exe();
    expect(old).toContain('/store/perl/5.36.0');
    const bad = await t.bundle('perl', '5.36.1', NO_PERL);
    expect((await t.pkg('install', '-y', bad)).exit).toBe(7);
    expect(await exe()).toBe(old);

    await t.ok('install', '-y', await t.bundle('perl', '5.36.0+2'));
    expect(await exe()).toMatch(/\/store\/perl\/5\.36\.0\+2/);
    await t.ok('rollback', '-y');
    expect(await exe()).toBe(old);
  });

  test('changes between two environments, each on its port, without losing a request', async () => {
    const t = await installed(BESIDE);
    const visitor = visits(t);
    await t.ok('install', '-y', await t.bundle('catz', '1.1.0', BESIDE));
    expect(await t.ask()).toMatchObject({ version: '1.1.0', port: t.ports.green });
    expect(await t.web()).toMatchObject({ runningVersion: '1.1.0', port: t.ports.green });
    expect(await t.answers(t.ports.blue)).toBe(false);
    await t.ok('rollback', '-y');
    expect(await t.ask()).toMatchObject({ version: '1.0.0', port: t.ports.blue });
    expect(await t.answers(t.ports.green)).toBe(false);
    expect((await visitor.stop()).failed).toEqual([]);
  });

  test('stays in its environment while nginx would refuse to be led to the other, and finds the way when it is repaired', async () => {
    const t = await installed(BESIDE);
    const before = await t.ask();
    const visitor = visits(t);
    const config = t.at('current', 'etc', 'front', 'nginx.conf');
    const good = fs.readFileSync(config, 'utf8');
    fs.writeFileSync(config, good.replace('proxy_pass', 'proxy_past'));
    const code = await t.bundle('catz', '1.1.0', BESIDE);
    const checked = await t.pkg('install', '-y', '--json', code);
    expect(checked.exit).toBe(7);
    expect(checked.error.message).toMatch(/check nginx of front .*unknown directive "proxy_past"/s);
    const moved = await t.pkg('install', '-y', '--json', '--skip-check', 'front/nginx', code);
    expect(moved.exit).toBe(1);
    expect(moved.error.message).toMatch(/nginx refuses: .*unknown directive "proxy_past"/);
    expect(await t.ask()).toMatchObject({ version: '1.0.0', port: t.ports.blue, pid: before.pid });
    expect(await t.answers(t.ports.green)).toBe(false);

    fs.writeFileSync(config, good);
    await t.ok('install', '-y', code);
    expect(await t.ask()).toMatchObject({ version: '1.1.0', port: t.ports.green });
    expect((await visitor.stop()).failed).toEqual([]);
  });

  test('is undone when a page of the new code leads nowhere', async () => {
    const t = await installed();
    const broken = await t.bundle('catz', '1.1.0', {
      'script/catz': (text) => text.replace('href="/photo/$_"', 'href="/picture/$_"'),
    });
    const ended = await t.pkg('install', '-y', '--json', broken);
    expect(ended.exit).toBe(1);
    expect(ended.error.message).toMatch(/\/picture\/cat1 answered 404, linked from /);
    expect(await t.ask()).toMatchObject({ version: '1.0.0', text: expect.stringMatching(/^catz 1\.0\.0,/) });
  });

  test('is refreshed by a pseudo load and a hot restart, or by a fresh memcached', async () => {
    const t = await installed();
    const { pid, text } = await t.ask();
    await stalePage(t, '20220716.1.0');
    await t.ok('install', '-y', await loaded(t, '20220716.2.0'));
    await t.ok('service', 'reload', 'catz');
    const fresh = text.replace('20220716.1.0', '20220716.2.0');
    expect(await t.ask()).toMatchObject({ text: fresh, data: '20220716.2.0' });
    await until('the new one has taken over', async () => (await t.ask()).pid !== pid);
    expect((await t.ok('service', 'reload', 'catz')).err).not.toContain(`(pid ${pid})`);

    await stalePage(t, '20220716.2.0');
    await t.ok('service', 'restart', 'cache');
    expect(await t.ask()).toMatchObject({ text: fresh });
  });

  test('after a boot the environment comes up that was live', async () => {
    const t = await installed(BESIDE);
    await t.ok('install', '-y', await t.bundle('catz', '1.1.0', BESIDE));
    await t.powerCut();
    // The pid files are still there, and somebody else may have got the number.
    const stranger = spawn('sleep', ['60']);
    onTestFinished(() => void stranger.kill());
    fs.writeFileSync(t.at('data', 'catz', `hypnotoad-${t.ports.green}.pid`), `${stranger.pid}\n`);
    expect(await t.web()).toMatchObject({ runningVersion: null });
    await t.ok('service', 'start', '--all', '--boot');
    expect(await t.ask()).toMatchObject({ version: '1.1.0', port: t.ports.green });
    expect(await t.answers(t.ports.blue)).toBe(false);
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
  });

  test('lets nginx test its new configuration before it gets it', async () => {
    const t = await installed();
    const master = await t.nginx();
    const visitor = visits(t);
    const bad = await t.bundle('front', '1.1.0', {
      'etc/nginx.conf': (text) => text.replace('proxy_pass', 'proxy_past'),
    });
    const refused = await t.pkg('install', '-y', '--json', bad);
    expect(refused.exit).toBe(7);
    expect(refused.error.message).toContain('unknown directive "proxy_past"');
    await t.ok('install', '-y', await t.bundle('front', '1.2.0'));
    const answer = await fetch(`http://127.0.0.1:${t.ports.front}/front`);
    expect(answer.headers.get('x-front')).toBe('1.2.0');
    expect(await t.nginx()).toBe(master);
    expect((await visitor.stop()).failed).toEqual([]);
  });

  test('leaves nothing running when it is removed', async () => {
    const t = await installed();
    const pids = await t.processes();
    expect(pids.length).toBeGreaterThan(5);
    await t.ok('remove', '-y', '--stop', 'front', 'catz', 'catz-data', 'mojolicious', 'perl', 'cache');
    expect(await t.installed()).toEqual([]);
    expect(pids.filter((pid) => !isGone(pid))).toEqual([]);
    expect(inhabitantsOf(t.root)).toEqual([]);
    for (const port of [t.ports.front, t.ports.blue, t.ports.cache]) expect(await t.answers(port)).toBe(false);
  });
});

/** Puts a page into the cache that no code would make. */
async function stalePage(t: Catz, data: string): Promise<void> {
  const channel = connect(t.ports.cache, '127.0.0.1');
  channel.write(`set catz:${data}:front 0 0 6\r\nstale\n\r\n`);
  await once(channel, 'data');
  channel.destroy();
  expect((await t.ask()).text).toBe('stale\n');
}

/** Everything in its first version. */
async function installed(edits: Edits = {}): Promise<Catz> {
  const t = await catzWorld();
  await t.ok(
    'install',
    '-y',
    await t.bundle('cache', '1.6.18'),
    await t.bundle('perl', '5.36.0'),
    await t.bundle('mojolicious', '9.31.0'),
    await loaded(t, '20220716.1.0'),
    await t.bundle('catz', '1.0.0', edits),
    await t.bundle('front', '1.0.0'),
  );
  return t;
}

/** Asks without a pause until stopped, or the test ends, and tells what went wrong. */
function visits(t: Catz) {
  const seen = { count: 0, failed: [] as string[] };
  let going = true;
  onTestFinished(() => void (going = false));
  const asking = (async () => {
    while (going) {
      const said = await t.ask('/health').then(
        ({ status }) => (status === 200 ? null : `status ${status}`),
        (problem: Error) => String(problem.cause ?? problem),
      );
      seen.count += 1;
      if (said !== null) seen.failed.push(said);
    }
  })();
  return {
    async stop() {
      going = false;
      await asking;
      return seen;
    },
  };
}
