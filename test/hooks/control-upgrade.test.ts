import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endProcesses } from '../../src/system/index.ts';
import { keepAsking } from '../support/keep-asking.ts';
import { needs } from '../support/needs.ts';
import { workbench } from '../support/pkg.ts';
import { type Kind, packCounter } from './pack-counter.ts';
import { freePort } from './stage.ts';
import { untilSo } from '../support/until.ts';

describe('a Node service with state', () => {
  it('goes up and down without a pause, and goes on counting', async () => {
    const counter = await installed('counter-node');
    const { pid } = await counter.status();
    const before = await counter.visit();
    const visitors = counter.visitors();
    await counter.ok('install', await counter.archive('2.0.0'));
    await counter.ok('downgrade', 'counter-node@1.0.0');
    const seen = await visitors.leave();
    expect(new Set(seen.map(({ version }) => version))).toEqual(new Set(['1.0.0', '2.0.0']));
    expect(seen.map(({ count }) => count)).toEqual(seen.map(({ count }) => count).toSorted((a, b) => a - b));
    expect(seen[0]?.count).toBeGreaterThan(before.count);
    expect(await counter.status()).toMatchObject({ pid, runningVersion: '1.0.0' });
  });

  it('is as before when it refuses to change, and has forgotten nothing', async () => {
    const counter = await installed('counter-node');
    const { pid } = await counter.status();
    const before = await counter.visit();
    const refused = await counter.pkg('install', '-y', await counter.archive('2.0.0', ['"step": 2', '"step": 0']));
    expect(refused.exit).toBe(1);
    expect(refused.err).toMatch(/control-node migrate said no: a step of 0 would not count/);
    const after = await counter.visit();
    expect(after).toMatchObject({ version: '1.0.0' });
    expect(after.count).toBeGreaterThan(before.count);
    expect(await counter.status()).toMatchObject({ pid, runningVersion: '1.0.0' });
  });

  it('goes on as before when pkg was killed while it held still', async () => {
    const counter = await installed('counter-node');
    const { pid } = await counter.status();
    const before = await counter.visit();
    // The program runs after the switch, when the service already holds still.
    const hold = '{ "run": ["/bin/sh", "-c", "touch ${data}/held; sleep 60"] }, ';
    const archive = await counter.archive('2.0.0', ['{ "update"', `${hold}{ "update"`]);
    const { child, ended } = counter.start(['install', '-y', archive]);
    await untilSo(() => counter.exists('data/counter-node/held'));
    const waiting = counter.visit();
    child.kill('SIGKILL');
    await ended;
    await counter.pkg('recover');
    expect(await waiting).toEqual({ version: '1.0.0', count: before.count + 1 });
    expect(await counter.status()).toMatchObject({ pid, runningVersion: '1.0.0' });
  });
});

describe('an Erlang node', () => {
  needs('erl');

  it('gets new code and a new form of its state while it serves, and both back', async () => {
    const counter = await installed('counter-erlang');
    const { pid } = await counter.status();
    const before = await counter.visit();
    const visitors = counter.visitors();
    await counter.ok('install', await counter.archive('2.0.0'));
    await counter.ok('downgrade', 'counter-erlang@1.0.0');
    const seen = await visitors.leave();
    expect(new Set(seen.map(({ version }) => version))).toEqual(new Set(['1.0.0', '2.0.0']));
    expect(seen[0]?.count).toBeGreaterThan(before.count);
    expect(await counter.status()).toMatchObject({ pid, runningVersion: '1.0.0' });
  });

  it('is as before when a process refuses', async () => {
    const counter = await installed('counter-erlang');
    const { pid } = await counter.status();
    const before = await counter.visit();
    const refused = await counter.pkg('install', '-y', await counter.archive('2.0.0', ['"step": 2', '"refuse": true']));
    expect(refused.exit).toBe(1);
    expect(refused.err).toMatch(/control-erlang migrate said no: counter did not change: told_to_refuse/);
    const after = await counter.visit();
    expect(after).toMatchObject({ version: '1.0.0' });
    expect(after.count).toBeGreaterThan(before.count);
    expect(await counter.status()).toMatchObject({ pid, runningVersion: '1.0.0' });
  });
});

/** A root in which a counter of the fixtures runs in version 1.0.0. */
async function installed(kind: Kind) {
  const bench = workbench();
  const [port, epmd] = [await freePort(), kind === 'counter-erlang' ? await startEpmd() : 0];
  const archive = (version: string, [was, becomes] = ['', '']) =>
    packCounter({ kind, version, into: bench.home }, (manifest) =>
      manifest
        .replace(/"ports": \[\d+\]/, `"ports": [${port}]`)
        .replace('"env": {', `"env": { "ERL_EPMD_PORT": "${epmd}",`)
        .replace(was, becomes),
    );
  const ok = (command: string, word: string) => bench.ok(command, '-y', word);

  async function visit(): Promise<{ readonly version: string; readonly count: number }> {
    const [response] = (await once(get({ port, agent: false }), 'response')) as [IncomingMessage];
    return { version: String(response.headers['x-version']), count: Number(await text(response)) };
  }

  onTestFinished(async () => void (await endProcesses({ PKG_ROOT: bench.root }, { graceMs: 0 })));
  await ok('install', await archive('1.0.0'));
  return {
    ...bench,
    ok,
    visit,
    archive,
    async status() {
      return (await bench.ok('status', '--json')).json.services[0];
    },
    /** One visitor after the other until they leave; one that is turned away fails the test. */
    visitors: () => keepAsking(visit),
  };
}

/** Without one, the node would start a daemon that nobody ends. */
async function startEpmd(): Promise<number> {
  const port = await freePort();
  const env = { ...process.env, ERL_EPMD_PORT: String(port) };
  const epmd = spawn('epmd', { env, stdio: 'ignore' });
  onTestFinished(() => void epmd.kill('SIGKILL'));
  await untilSo(() => spawnSync('epmd', ['-names'], { env }).status === 0);
  return port;
}
