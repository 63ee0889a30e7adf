import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ServiceBench, serviceBench } from '../operations/service-bench.ts';
import { mountMemory, mountOver, needsMounts } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { until, type Wish, type Workbench, workbench } from '../support/pkg.ts';

/** Does not come up without the rows it was left, and adds one of its own; each answer is what it finds there by then. */
const COUNTER = `
const fs = require('node:fs');
const [port, data] = process.argv.slice(2);
fs.accessSync(data + '/rows');
fs.appendFileSync(data + '/rows', process.env.PKG_NAME + '\\n');
require('node:http')
  .createServer((request, response) => response.end(JSON.stringify({ rows: fs.readFileSync(data + '/rows', 'utf8') })))
  .listen(Number(port), '127.0.0.1');
`;

/** A counter on the port of `old`, whatever it is called. */
async function counter(t: ServiceBench, name: string, version: string, wish: Wish = {}): Promise<string> {
  const port = await t.portOf('old');
  const service = { start: [process.execPath, 'server.js', `\${port}`, `\${data}`], ports: [port] };
  return t.web(name, version, service, {
    data: { directory: true },
    ...wish,
    files: { 'server.js': COUNTER, ...wish.files },
  });
}

async function rows(t: ServiceBench): Promise<readonly string[]> {
  const answer = (await t.ask('old')) as unknown as { readonly rows: string };
  return answer.rows.trimEnd().split('\n');
}

/** Which service it is, whether it comes up after a boot, and what the operator has added to its command line. */
async function howItRuns(t: ServiceBench): Promise<readonly string[]> {
  const { json } = await t.ok('service', 'status', '--json');
  const [{ bundle, name, state, enabled, pid }] = json.services;
  const argv = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
  return [`${bundle}/${name} ${state} ${enabled ? 'enabled' : 'not enabled'}`, argv.at(-1) ?? ''];
}

const replaces = { old: '*' };

test('a service that is replaced by one of another name leaves its data to it, and gets it back whatever fails or is undone', async () => {
  const t = await serviceBench();
  await t.ok('install', '-y', await counter(t, 'old', '1.0.0', { data: { directory: true, writes: 1 } }));
  fs.writeFileSync(t.at('data/old/rows'), 'first\n');
  await t.ok('service', 'start', 'old', '--', '--verbose');
  await t.ok('service', 'enable', 'old');
  expect(await rows(t)).toEqual(['first', 'old']);

  const broken = await counter(t, 'new', '2.0.0', { replaces, files: { 'server.js': 'process.exit(3);\n' } });
  const failed = await t.pkg('install', '-y', '--json', broken);
  expect(failed.json).toMatchObject({ outcome: 'undone', failedStep: { kind: 'start-service' } });
  expect(await rows(t)).toEqual(['first', 'old', 'old']);
  expect(fs.readdirSync(t.at('data'))).toEqual(['old']);

  const next = await counter(t, 'new', '2.0.1', { replaces, data: { directory: true, reads: [1, 2], writes: 2 } });
  const ended = await t.ok('install', '-y', '--try', '1h', next);
  expect(ended.err).toContain(`the data in ${t.at('data/old')} becomes that of new: ${t.at('data/new')}`);
  expect(await rows(t)).toEqual(['first', 'old', 'old', 'new']);
  expect(JSON.parse(t.read('data-formats.json'))).toEqual({ new: 2 });
  await t.ok('rollback', '-y');
  expect(await rows(t)).toEqual(['first', 'old', 'old', 'new', 'old']);
  expect([fs.readdirSync(t.at('data')), JSON.parse(t.read('data-formats.json'))]).toEqual([['old'], { old: 1 }]);

  await t.ok(
    'install',
    '-y',
    await counter(t, 'new', '2.0.2', { replaces, data: { directory: true, reads: [1], writes: 1 } }),
  );
  expect((await rows(t)).slice(-2)).toEqual(['old', 'new']);
  expect(await howItRuns(t)).toEqual(['new/server running enabled', '--verbose']);
  await t.ok('rollback', '-y');
  expect((await rows(t)).slice(-2)).toEqual(['new', 'old']);
  expect([fs.readdirSync(t.at('data')), JSON.parse(t.read('data-formats.json'))]).toEqual([['old'], { old: 1 }]);
  expect(await howItRuns(t)).toEqual(['old/server running enabled', '--verbose']);
  await t.ok('service', 'stop', '--all');
});

test('pkg is killed while the successor starts, which writes into its data already: the old one goes on with all of it', async () => {
  const t = await serviceBench();
  await t.ok('install', '-y', await counter(t, 'old', '1.0.0'));
  fs.writeFileSync(t.at('data/old/rows'), 'first\n');
  await t.ok('service', 'start', 'old');
  const hanging = `${COUNTER.slice(0, COUNTER.indexOf("require('node:http')"))}setInterval(() => {}, 1000);\n`;
  const { child, ended } = t.start([
    'install',
    '-y',
    await counter(t, 'new', '2.0.0', { replaces, files: { 'server.js': hanging } }),
  ]);
  await until('it has written', () => t.exists('data/new/rows') && t.read('data/new/rows').endsWith('new\n'));
  child.kill('SIGKILL');
  await ended;
  expect((await t.ok('recover')).err).toContain('undone');
  expect(await rows(t)).toEqual(['first', 'old', 'new', 'old']);
  expect([fs.readdirSync(t.at('data')), await t.states()]).toEqual([['old'], ['old/server running']]);
  await t.ok('service', 'stop', '--all');
});

test('a service that leaves no data goes on under the other name with its start options, and comes up after a boot', async () => {
  const t = await serviceBench();
  const service = { path: 'exact', reload: undefined, ports: [await t.portOf('old')] };
  await t.ok('install', '-y', await t.web('old', '1.0.0', service));
  await t.ok('service', 'start', 'old', '--', '--verbose');
  await t.ok('service', 'enable', 'old');
  await t.ok('install', '-y', await t.web('new', '2.0.0', service, { replaces }));
  expect(await howItRuns(t)).toEqual(['new/server running enabled', '--verbose']);
  await t.ok('service', 'stop', '--all');
});

test('what lies there for both is left where it is until somebody decides', async () => {
  const t = workbench();
  const data = { directory: true };
  await t.ok('install', '-y', await t.bundle('old', '1.0.0', { data }));
  fs.writeFileSync(t.at('data/old/row'), 'of old');
  fs.mkdirSync(t.at('data/new'));
  fs.writeFileSync(t.at('data/new/row'), 'left behind');
  const next = await t.bundle('new', '2.0.0', { data, replaces });
  const refused = await t.pkg('install', '-y', '--json', next);
  expect(refused).toMatchObject({ exit: 3, error: { code: 'data-in-the-way' } });
  expect(refused.error.hint).toBe(
    `move away what new is not to begin with: ${t.at('data/new')}, or ${t.at('data/old')}`,
  );
  fs.rmSync(t.at('data/new/row'));
  await t.ok('install', '-y', next);
  expect([t.read('data/new/row'), t.exists('data/old')]).toEqual(['of old', false]);
});

/** Its log has a fixed path outside the root, which leads into its data. */
async function withLog(t: Workbench, name: string, manifest: object, script = ''): Promise<string> {
  const folder = t.source(name, '1.0.0', { hooks: { postinstall: script } });
  const file = path.join(folder, 'bundle.json');
  const hooks = { preinstall: 'pkg:link-data', postinstall: 'hooks/postinstall', postremove: 'pkg:unlink-data' };
  const env = { DATA_LINKS: `${t.home}/log=log` };
  const known = JSON.parse(fs.readFileSync(file, 'utf8'));
  fs.writeFileSync(file, JSON.stringify({ ...known, data: { directory: true }, env, hooks, ...manifest }));
  return (await t.ok('build', folder, '-o', t.home, '--json')).json.file;
}

test('a fixed path outside the root leads to the data wherever that is', async () => {
  const t = workbench();
  const log = path.join(t.home, 'log');
  const read = () => [fs.readlinkSync(log), fs.readFileSync(path.join(log, 'app.log'), 'utf8')];
  await t.ok('install', '-y', await withLog(t, 'old', {}));
  fs.writeFileSync(path.join(log, 'app.log'), 'a line\n');
  const failed = await t.pkg('install', '-y', '--json', await withLog(t, 'bad', { replaces }, 'exit 1'));
  expect(failed.json).toMatchObject({ outcome: 'undone' });
  expect(read()).toEqual([t.at('data/old/log'), 'a line\n']);
  await t.ok('install', '-y', await withLog(t, 'new', { replaces }));
  expect(read()).toEqual([t.at('data/new/log'), 'a line\n']);
  await t.ok('rollback', '-y');
  expect(read()).toEqual([t.at('data/old/log'), 'a line\n']);
});

describe('where folders cannot be renamed', () => {
  needs('root', 'kernel:overlay');
  needsMounts();

  const data = { directory: true };

  test('as in the image of a container, nothing is changed, and the hint is what makes it possible', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('old', '1.0.0', { data }));
    fs.writeFileSync(t.at('data/old/row'), 'precious');
    mountOver(t.root);
    const next = await t.bundle('new', '2.0.0', { data, replaces });
    const failed = await t.pkg('install', '-y', '--json', next);
    expect(failed.json).toMatchObject({ outcome: 'undone', failedStep: { kind: 'move-data' } });
    expect([t.read('data/old/row'), t.exists('data/new')]).toEqual(['precious', false]);
    execFileSync('sh', ['-c', failed.error.hint?.replace(/^.*: /, '') ?? '']);
    await t.ok('install', '-y', next);
    expect([t.read('data/new/row'), t.exists('data/old')]).toEqual(['precious', false]);
  });

  test('as a disk of its own, it is refused before anything begins, and mounted elsewhere it is found', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('old', '1.0.0', { data }));
    const disk = path.join(t.home, 'disk');
    mountMemory(disk, 'size=1m');
    const mountAt = (folder: string): void => {
      execFileSync('mount', ['--bind', disk, folder]);
      onTestFinished(() => void spawnSync('umount', ['--lazy', folder]));
    };
    mountAt(t.at('data/old'));
    fs.writeFileSync(path.join(disk, 'row'), 'precious');
    const next = await t.bundle('new', '2.0.0', { data, replaces });
    const refused = await t.pkg('install', '-y', '--json', next);
    expect(refused).toMatchObject({ exit: 3, error: { code: 'data-in-the-way' } });
    expect(refused.error.hint).toContain(`mount at ${t.at('data/new')} what is mounted at ${t.at('data/old')}`);
    fs.mkdirSync(t.at('data/new'));
    execFileSync('umount', [t.at('data/old')]);
    mountAt(t.at('data/new'));
    await t.ok('install', '-y', next);
    expect(t.read('data/new/row')).toBe('precious');
  });
});
