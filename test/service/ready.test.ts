import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Launch, Probe } from '../../src/model/index.ts';
import { probeOnce } from '../../src/service/index.ts';
import { freePort, isDead, type ServiceWorld, serviceWorld } from './service-world.ts';
import { untilSo } from '../support/until.ts';

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld();
});

const shell = (script: string) => ['/bin/sh', '-c', script];

/** The server of the world with one more word, up and answering. */
async function running(word = '') {
  const launch = world.launch({ start: [process.execPath, 'server.mjs', String(world.port), word] });
  const record = await world.start(launch);
  await world.ready({ ...launch, service: { ready: { tcp: world.port } } }, record);
  /** What a probe sees. */
  const sees = (ready: Probe, logFrom = 0) =>
    probeOnce({ ...launch, service: { ...launch.service, ready } }, record, logFrom);
  return { launch, record, sees };
}

describe('a probe', () => {
  test('over http looks at status, headers and text of the answer', async () => {
    const { sees } = await running();
    const http = `http://127.0.0.1:${world.port}/health`;
    const answers = async (probe: Probe) => (await sees({ http, ...probe })).answered;
    expect(await answers({})).toBe(true);
    expect(await answers({ status: 204 })).toBe(false);
    expect(await answers({ header: { 'X-Version': '1.0.0' } })).toBe(true);
    expect(await answers({ header: { 'x-version': '1.0' } })).toBe(false);
    expect(await answers({ header: { 'x-other': '' } })).toBe(true);
    expect(await answers({ body: 'is well' })).toBe(true);
    expect(await sees({ http, body: 'is bad' })).toEqual({
      answered: false,
      message: `${http} answers 200, but without 'is bad' in it`,
    });
  });

  test('does not follow redirections', async () => {
    const { sees } = await running();
    const http = `http://127.0.0.1:${world.port}/moved`;
    expect(await sees({ http })).toEqual({ answered: false, message: `${http} answers 302, not 200` });
    expect(await sees({ http, status: 302 })).toMatchObject({ answered: true });
  });

  test('says why nothing answers', async () => {
    const { sees } = await running();
    const port = await freePort();
    expect(await sees({ http: `http://127.0.0.1:${port}/` })).toEqual({
      answered: false,
      message: `http://127.0.0.1:${port}/: ECONNREFUSED`,
    });
    expect(await sees({ tcp: port })).toEqual({ answered: false, message: `port ${port} of 127.0.0.1: ECONNREFUSED` });
    expect(await sees({ http: 'not an address' })).toMatchObject({ answered: false });
    expect(await sees({ tcp: 'localhost:port' })).toMatchObject({ answered: false });
  });

  test('does not wait for ever for a server that says nothing', async () => {
    const mute = await freePort();
    await world.stranger(`exec ${process.execPath} -e 'require("net").createServer().listen(${mute}, "127.0.0.1")'`);
    const { sees } = await running();
    await untilSo(async () => (await sees({ tcp: mute })).answered);
    const http = `http://127.0.0.1:${mute}/`;
    expect(await sees({ http, timeout: '200ms' })).toEqual({
      answered: false,
      message: `${http}: no answer within 200 ms`,
    });
  });

  test('over tcp is an accepted connection', async () => {
    const { sees } = await running();
    for (const tcp of [world.port, String(world.port), `127.0.0.1:${world.port}`, `localhost:${world.port}`]) {
      expect(await sees({ tcp })).toMatchObject({ answered: true });
    }
  });

  test('by command runs where the service runs, with its environment', async () => {
    const { sees } = await running();
    expect(await sees({ command: shell('test -f server.mjs && test "$PKG_SERVICE" = web/server') })).toMatchObject({
      answered: true,
    });
    expect(await sees({ command: shell('echo starting; exit 3') })).toEqual({
      answered: false,
      message: '/bin/sh -c echo starting; exit 3 ended with exit status 3: starting',
    });
    expect(await sees({ command: ['bin/none'] })).toMatchObject({ answered: false });
    expect(await sees({ command: shell('exec sleep 1000'), timeout: '100ms' })).toMatchObject({
      answered: false,
      message: '/bin/sh -c exec sleep 1000 did not end in time',
    });
  });

  test('by file looks below the folder of the service', async () => {
    const { sees } = await running();
    const file = path.join(world.bundleDir, 'ready');
    expect(await sees({ file: 'ready' })).toEqual({ answered: false, message: `${file} does not exist` });
    world.write('ready', '');
    expect(await sees({ file: 'ready' })).toMatchObject({ answered: true });
    expect(await sees({ file })).toMatchObject({ answered: true });
  });

  test('by log sees only lines that are new', async () => {
    const { launch, sees } = await running();
    expect(await sees({ log: '^listening as 1' })).toEqual({ answered: true, message: 'listening as 1.0.0' });
    const size = fs.statSync(launch.log).size;
    expect(await sees({ log: '^listening' }, size)).toMatchObject({ answered: false });
    fs.appendFileSync(launch.log, 'listening again');
    expect(await sees({ log: '^listening' }, size)).toMatchObject({ answered: true, message: 'listening again' });
  });

  test('that is not declared asks whether the process lives', async () => {
    const { launch, record } = await running();
    expect(await probeOnce(launch, record, 0)).toEqual({ answered: true, message: `pid ${record.pid} is running` });
    expect(await probeOnce(launch, await world.stop(record), 0)).toEqual({ answered: false, message: 'it is stopped' });
  });
});

describe('waiting until a service is ready', () => {
  test('ends at once when it dies, with how it ended and its last words', async () => {
    const launch = world.launch({
      start: shell('echo no database; exit 3'),
      ready: { tcp: world.port, timeout: '1h' },
    });
    const record = await world.start(launch);
    await expect(world.ready(launch, record)).rejects.toMatchObject({
      code: 'not-ready',
      message: 'web/server ended with exit status 3 before it was ready:\n  no database',
    });
  });

  test('without a probe fails for a program that cannot live, and is content with one that does', async () => {
    const launch = world.launch({ start: shell('sleep 0.1; exit 1') }, { port: null });
    await expect(world.start(launch).then((record) => world.ready(launch, record))).rejects.toMatchObject({
      message: 'web/server ended with exit status 1 before it was ready',
    });
    const living = world.launch({ start: ['sleep', '1000'] }, { port: null });
    await world.ready(living, await world.start(living));
  });

  test('says what the probe saw last when the time is over', async () => {
    // One that the kernel gave would be given to another test as well; on tcpmux(1) nobody listens.
    const port = 1;
    const launch = world.launch({ ready: { tcp: port, timeout: '200ms' } });
    const record = await world.start(launch);
    await expect(world.ready(launch, record)).rejects.toMatchObject({
      code: 'not-ready',
      message: `web/server is not ready after 200ms: port ${port} of 127.0.0.1: ECONNREFUSED`,
    });
    expect(isDead(record.pid)).toBe(false);
  });

  test('is not content with a process that dies of the question', async () => {
    const { launch, record } = await running('frail');
    const asked = { ...launch, service: { ready: { ...world.asks('1.0.0'), soak: '2s' } } };
    await expect(world.ready(asked, record)).rejects.toMatchObject({
      code: 'not-ready',
      message: expect.stringMatching(/^web\/server ended (with exit status 3 )?before it was ready/),
    });
  });

  test('is not content with one that does not stay healthy', async () => {
    world.write('ready', '');
    const launch = world.launch({ ready: { command: shell('test -f ready && rm ready'), soak: '1s' } });
    await expect(world.ready(launch, await world.start(launch))).rejects.toMatchObject({
      code: 'not-ready',
      message: expect.stringMatching(/^web\/server was ready, but not for 1s: .* ended with exit status 1$/),
    });
  });

  test('begins anew behind a proxy, whose old workers may answer once more', async () => {
    const secondFails = shell('n=$(cat asked 2>/dev/null || echo 0); echo $((n + 1)) >asked; [ "$n" -ne 1 ]');
    const launch = world.launch({ ready: { command: secondFails, soak: '100ms' } });
    const record = await world.start(launch);
    await world.ready(launch, record, 0, true);
    fs.rmSync(path.join(launch.cwd, 'asked'));
    await expect(world.ready(launch, record)).rejects.toMatchObject({ code: 'not-ready' });
  });

  test('is interrupted by the operator, not by what he interrupted before', async () => {
    const launch = world.launch({ ready: { file: 'never', timeout: '1h' } });
    const record = await world.start(launch);
    const waiting = world.ready(launch, record);
    await Promise.all([
      expect(waiting).rejects.toMatchObject({ code: 'interrupted' }),
      untilSo(() => world.told.length > 0).then(() => world.abort.abort()),
    ]);
    await world.ready({ ...launch, service: { ready: world.asks('1.0.0') } }, record);
  });
});

describe('an answer counts only when the service gives it', () => {
  const lazy = () => ({ start: ['sleep', '1000'], ready: { ...world.asks('1.0.0'), timeout: '300ms' } });

  const startReady = async (launch: Launch) => world.ready(launch, await world.start(launch));
  const refusal = (pid: number | null) => ({
    code: 'not-ready',
    message: expect.stringMatching(
      new RegExp(`port ${world.port} is answered by .*server.mjs.* \\(pid ${pid}\\), which is not this service$`),
    ),
  });

  test('not another service of the same root, also where it declares no `ports`', async () => {
    const { record } = await running();
    const runFile = path.join(world.folder, 'root', 'run', 'app.worker.json');
    const worker = world.launch(lazy(), { name: { bundle: 'app', service: 'worker' }, port: null, runFile });
    await expect(startReady(worker)).rejects.toMatchObject(refusal(record.pid));
  });

  test('not the instance that shall go, where the one that comes does not share its port', async () => {
    const { record } = await running();
    const runFile = path.join(world.folder, 'root', 'run', 'web.server~new.json');
    await expect(startReady(world.launch(lazy(), { runFile }))).rejects.toMatchObject(refusal(record.pid));
  });

  test('but a child of it does, and one that shares the port with others', async () => {
    const share = `require('http').createServer((_, r) => r.end()).listen({ port: ${world.port}, host: '127.0.0.1', reusePort: true })`;
    const node = [process.execPath, '-e', share];
    const ready = { http: `http://127.0.0.1:${world.port}/`, timeout: '10s' };
    const service = (name: string, start: string[]) => {
      const runFile = path.join(world.folder, 'root', 'run', `${name}.server.json`);
      return world.launch({ start, ready }, { name: { bundle: name, service: 'server' }, port: null, runFile });
    };
    const child = shell(`'${process.execPath}' -e "${share}" & wait`);
    for (const launch of [service('one', node), service('two', child)]) {
      await expect(startReady(launch)).resolves.toBeUndefined();
    }
  });
});
