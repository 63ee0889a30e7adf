import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { needsMounts } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/pkg.ts';
import { type BootedStory, blotStory, type Manager, type Name, type Story } from './blot.ts';

const NAMES: readonly Name[] = ['redis', 'blot', 'nginx', 'monit'];

describe.each<[Manager]>([['systemd'], ['runit']])('blot, kept by %s', (manager) => {
  needs('root', 'unshare', 'useradd', 'redis-server', 'nginx', 'monit', 'logrotate');
  needs(...(manager === 'systemd' ? ['systemctl', 'systemd-analyze'] : ['runsvdir']));
  needsMounts();

  test('is installed in one change, in the order of what needs what, and taken away without a trace', async () => {
    const story = await blotStory(manager);
    await story.installAll();
    expect(await story.visit()).toMatchObject({ text: 'visitor 1\n', version: '1.0.0' });
    const pids = await story.pids();
    expect((await story.machine.run('stat', '--format=%U', `/proc/${pids.blot}`)).out).toBe('blot');
    await story.followed(pids.blot);

    expect((await story.pkg('remove', '--yes', 'redis')).exit).toBe(3);
    await story.ok('remove', '--yes', '--stop', ...NAMES);
    for (const name of NAMES) {
      expect(await story.runs(pids[name])).toBe(false);
      expect(await story.visit('/', name)).toBe(null);
    }
    expect((await story.machine.run('getent', 'passwd', 'blot')).exit).toBe(2);
    expect(story.units()).toEqual([]);
  });

  test('has its application back after kill -9, while redis, nginx and monit stay as they are', async () => {
    const story = await blotStory(manager);
    await story.installAll();
    const before = await story.pids();
    await story.machine.run('kill', '-KILL', String(before.blot));
    const { pid } = await story.another(before.blot);
    expect(await story.pids()).toEqual({ ...before, blot: pid });
    await story.followed(pid);
  });

  test('has its application back when it hangs: nobody died, so it is monit who notices', async () => {
    const story = await blotStory(manager);
    await story.installAll();
    const before = await story.pids();
    await story.followed(before.blot);
    await story.machine.run('kill', '-STOP', String(before.blot));
    const { pid } = await story.another(before.blot);
    expect(await story.runs(before.blot)).toBe(false);
    expect(await story.pids()).toEqual({ ...before, blot: pid });
    await story.followed(pid);
    expect(monitLog(story)).toContain("'blot' failed protocol test [HTTP]");
  });

  test('is deployed and taken back while redis stays up, and monit follows without being restarted', async () => {
    const story = await blotStory(manager);
    await story.installAll();
    const before = await story.pids();
    await story.followed(before.blot);
    await story.visit();

    await story.ok('install', '--yes', await story.bundle('blot', '1.1.0'));
    const up = await story.visit();
    expect(up).toMatchObject({ text: 'visitor 2\n', version: '1.1.0' });
    expect(await story.pids()).toEqual({ ...before, blot: up?.pid });
    await story.followed(up?.pid ?? 0);

    await story.ok('downgrade', '--yes', '--force', 'blot@1.0.0');
    const down = await story.visit();
    expect(down).toMatchObject({ text: 'visitor 3\n', version: '1.0.0' });
    expect(await story.pids()).toEqual({ ...before, blot: down?.pid });
    await story.followed(down?.pid ?? 0);
    expect(monitLog(story)).not.toContain('trying to restart');
  });

  test('has its former version back, watched by monit, when the new one is not well', async () => {
    const story = await blotStory(manager);
    await story.installAll();
    const before = await story.pids();
    const sick = await story.bundle('blot', '1.1.0', (text) =>
      text.replace('const health = 200', 'const health = 500').replace('"ready": {', '"ready": { "timeout": "3s",'),
    );
    const ended = await story.pkg('install', '--yes', sick);
    expect(ended.err).toContain('undone: everything is as before');
    expect(ended.exit).toBe(7);
    const answer = await story.visit();
    expect(answer).toMatchObject({ text: 'visitor 1\n', version: '1.0.0' });
    expect(await story.pids()).toEqual({ ...before, blot: answer?.pid });
    await story.followed(answer?.pid ?? 0);
  });

  test('comes up again with an upgrade of redis, which takes blot along and forgets no visitor', async () => {
    const story = await blotStory(manager);
    await story.installAll();
    const before = await story.pids();
    await story.visit();
    await story.ok('install', '--yes', await story.bundle('redis', '1.1.0'));
    expect(await story.visit()).toMatchObject({ text: 'visitor 2\n' });
    const after = await story.pids();
    expect(after).toMatchObject({ nginx: before.nginx, monit: before.monit });
    expect(after.redis).not.toBe(before.redis);
    await story.followed(after.blot);
  });

  test('goes down when redis is restarted by hand, and is kept up', async () => {
    const story = await blotStory(manager);
    await story.installAll();
    const before = await story.pids();
    await story.ok('service', 'restart', 'redis');
    const { pid } = await story.another(before.blot);
    const after = await story.pids();
    expect(after).toMatchObject({ blot: pid, nginx: before.nginx, monit: before.monit });
    expect(after.redis).not.toBe(before.redis);
    await story.followed(pid);
  });

  test('goes on writing to its log when that is rotated by copying and emptying', async () => {
    const story = await blotStory(manager);
    await story.installAll();
    const before = await story.pids();
    await story.visit('/first');
    const log = story.t.at('log/blot.server.log');
    await until('the visit is in the log', () => fs.readFileSync(log, 'utf8').includes('/first visitor 1\n'));
    await story.rotate(log);
    await story.visit('/second');
    await until('the next visit is in the log', () => fs.readFileSync(log, 'utf8').includes('/second'));
    expect(fs.readFileSync(`${log}.1`, 'utf8')).toContain('/first visitor 1\n');
    expect(fs.readFileSync(log, 'utf8')).toBe('/second visitor 2\n');
    expect(await story.ok('logs', 'blot')).toContain('/second visitor 2');
    expect(await story.pids()).toEqual(before);
  });
});

describe('blot on a machine with systemd', () => {
  needs('root', 'unshare', 'useradd', 'redis-server', 'nginx', 'monit', 'systemctl', 'systemd-analyze');
  needsMounts();

  test('comes up after a boot: redis, then the application, then nginx, then monit', async () => {
    const story = await blotStory('systemd');
    // The users of this machine are as they were when it was made, after every boot.
    await story.installAll((text) => text.replace('"user": "blot",', ''));
    await story.visit();
    await story.machine.reboot();
    await until('visitors are answered again', async () => (await story.visit())?.status === 200);
    expect(await story.visit()).toMatchObject({ text: 'visitor 3\n' });
    const started = await Promise.all(NAMES.map((name) => startOf(story, name)));
    expect(started).toEqual(started.toSorted((one, other) => one - other));
    await story.followed((await story.pids()).blot);
  });

  test('comes up as it was when the power fails in the middle of a deployment', async () => {
    const story = await blotStory('systemd');
    const withoutUser = (text: string): string => text.replace('"user": "blot",', '');
    await story.installAll(withoutUser);
    await story.visit();
    const held = path.join(story.t.home, 'held');
    const check = `"checks": [{ "name": "held", "when": ["switched"], "run": ["sh", "-c", "touch ${held}; sleep 1000"] }], "services"`;
    const next = await story.bundle('blot', '1.1.0', (text) => withoutUser(text).replace('"services"', check));
    const deployment = story.pkg('install', '--yes', next);
    await until('the new version is live, and not yet final', () => fs.existsSync(held), 60);
    expect(await story.visit()).toMatchObject({ status: 200, version: '1.1.0' });
    await story.monitForgets();
    await story.machine.reboot();
    expect((await deployment).exit).not.toBe(0);

    await until('visitors are answered again', async () => (await story.visit())?.status === 200, 60);
    expect(await story.visit()).toMatchObject({ version: '1.0.0' });
    const { openTransaction, generation } = JSON.parse(await story.ok('status', '--json'));
    expect({ openTransaction, generation }).toEqual({ openTransaction: null, generation: 1 });
    const { transactions } = JSON.parse(await story.ok('history', '--json'));
    expect(transactions.at(-1)).toMatchObject({ outcome: 'undone', changes: [{ name: 'blot', to: '1.1.0' }] });
    await story.followed((await story.pids()).blot);
  });

  test('has its nginx back when that hangs, while the application stays as it is', async () => {
    const story = await blotStory('systemd');
    await story.installAll();
    const before = await story.pids();
    await until('monit follows nginx', async () => (await story.monit('nginx')).pid === before.nginx, 60);
    await story.machine.ok('sh', '-c', `kill -STOP ${before.nginx} $(cat /proc/${before.nginx}/task/*/children)`);
    await until('visitors are answered again', async () => (await story.visit())?.status === 200, 60);
    const after = await story.pids();
    expect(after).toEqual({ ...before, nginx: after.nginx });
    expect(await story.runs(before.nginx)).toBe(false);
    expect(monitLog(story)).toContain("'nginx' trying to restart");
  });

  test('takes the place of redis and monit of the distribution, which are there again when blot has left', async () => {
    const story = await blotStory('systemd');
    const { machine } = story;
    // Debian's monit has a script in /etc/init.d and no unit.
    await machine.knowsScripts();
    await machine.ok('systemctl', 'enable', 'monit');
    fs.writeFileSync(
      machine.unit('redis-server.service'),
      '[Service]\nExecStart=/usr/bin/redis-server --port 0 --unixsocket /run/their-redis\n[Install]\nWantedBy=multi-user.target\n',
    );
    await machine.ok('systemctl', 'daemon-reload');
    await machine.ok('systemctl', 'enable', '--now', 'redis-server');
    const states = async (): Promise<readonly string[]> => [
      ...(await Promise.all(['ActiveState', 'UnitFileState'].map((name) => machine.property('redis-server', name)))),
      (await machine.run('systemctl', 'is-enabled', 'monit')).out,
    ];

    await story.installAll();
    expect(await states()).toEqual(['inactive', 'disabled', 'disabled']);
    await story.ok('remove', '--yes', '--stop', ...NAMES);
    expect(await states()).toEqual(['active', 'enabled', 'enabled']);
  });
});

describe('blot on a machine with runit', () => {
  needs('root', 'unshare', 'useradd', 'redis-server', 'nginx', 'monit', 'runsvdir');
  needsMounts();

  test('comes up after a boot, and as it was when the power fails in the middle of a deployment', async () => {
    const story = await blotStory('runit');
    await story.installAll();
    await story.visit();
    await story.machine.reboot();
    await until('visitors are answered again', async () => (await story.visit('/health'))?.status === 200);
    expect(await story.visit()).toMatchObject({ text: 'visitor 2\n' });
    await story.followed((await story.pids()).blot);

    const held = path.join(story.t.home, 'held');
    const check = `"checks": [{ "name": "held", "when": ["switched"], "run": ["sh", "-c", "touch ${held}; sleep 1000"] }], "services"`;
    const next = await story.bundle('blot', '1.1.0', (text) => text.replace('"services"', check));
    const deployment = story.pkg('install', '--yes', next);
    await until('the new version is live, and not yet final', () => fs.existsSync(held), 60);
    await story.monitForgets();
    expect(await story.machine.reboot('recover')).toContain('was undone');
    expect((await deployment).exit).not.toBe(0);
    await until('visitors are answered again', async () => (await story.visit('/health'))?.status === 200);
    expect(await story.visit()).toMatchObject({ text: 'visitor 3\n', version: '1.0.0' });
    const { openTransaction, generation } = JSON.parse(await story.ok('status', '--json'));
    expect({ openTransaction, generation }).toEqual({ openTransaction: null, generation: 1 });
    await story.followed((await story.pids()).blot);
  });
});

function monitLog(story: Pick<Story, 't'>): string {
  return story.t.read('data/monit/monit.log');
}

/** When systemd started the process of a service. */
async function startOf({ t, machine }: BootedStory, name: Name): Promise<number> {
  const { id } = JSON.parse(t.read('root.json'));
  return Number(await machine.property(`pkg-${id}-${name}-server`, 'ExecMainStartTimestampMonotonic'));
}
