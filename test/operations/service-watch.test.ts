import fs from 'node:fs';
import { expect, test } from 'vitest';
import { processStart } from '../../src/system/index.ts';
import { holdLock } from '../support/hold-lock.ts';
import { until } from '../support/pkg.ts';
import { type ServiceBench, serviceBench } from './service-bench.ts';

/** A running `web` and a watcher that looks often. */
async function watched(declare: (home: string) => object = () => ({})) {
  const t = await serviceBench();
  await t.ok('install', '-y', await t.web('web', '1.0.0', declare(t.home)));
  await t.ok('service', 'start', 'web', '--', 'kept');
  const watcher = t.start(['service', 'watch', '--interval', '50ms', '--failures', '2']);
  await until('it watches', () => watcher.errSoFar().includes('watching the services'));
  return { ...t, watcher };
}

/** The pid that answers once it is another than `before`. */
async function successorOf(before: number, t: ServiceBench): Promise<number> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const pid = (await t.ask('web').catch(() => null))?.pid ?? before;
    if (pid !== before) return pid;
    if (Date.now() > deadline) throw new Error('waited in vain: another process answers');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a service that is killed is started again with its start options', async () => {
  const t = await watched();
  const { pid } = await t.ask('web');
  expect((await t.ok('service', 'status', '--json')).json.services).toMatchObject([{ supervised: true }]);
  process.kill(pid, 'SIGKILL');
  const next = await successorOf(pid, t);
  expect((await t.ask('web')).words).toEqual(['kept']);
  expect(t.watcher.errSoFar()).toContain('web/server died; it is started again');
  expect((await t.ok('service', 'status', '--json')).json.services).toMatchObject([{ pid: next, state: 'running' }]);

  t.watcher.child.kill('SIGTERM');
  expect((await t.watcher.ended).exit).toBe(0);
  expect(t.exists('run/watch.json')).toBe(false);
  expect((await t.ok('service', 'status')).out).toContain('not supervised');
});

test('one that stops answering is started again', async () => {
  const t = await watched();
  const { pid } = await t.ask('web');
  await t.ask('web', '/hang').catch(() => null);
  await successorOf(pid, t);
  expect(t.watcher.errSoFar()).toMatch(/web\/server was not ready 2 times in a row \(.*503.*\); it is started again/);
});

test('one that cannot be started at the moment is tried again, with its start options', async () => {
  const t = await watched((home) => {
    fs.symlinkSync(process.execPath, `${home}/node`);
    return { start: [`${home}/node`, 'server.js', '${port}'] };
  });
  const { pid } = await t.ask('web');
  fs.rmSync(`${t.home}/node`);
  process.kill(pid, 'SIGKILL');
  await until('it is missed', () => t.watcher.errSoFar().includes('web/server could not be started again: '));
  fs.symlinkSync(process.execPath, `${t.home}/node`);
  await successorOf(pid, t);
  expect((await t.ask('web')).words).toEqual(['kept']);
});

test('one that was stopped stays down', async () => {
  const t = await watched();
  await t.ok('service', 'stop', 'web');
  const looks = t.start(['service', 'watch']);
  expect((await looks.ended).exit).toBe(4);
  expect(looks.errSoFar()).toContain('are already watched by pid');
  expect(await t.states()).toEqual(['web/server stopped']);
  expect(t.watcher.errSoFar()).not.toContain('started again');
});

test('stands still while somebody holds the lock', async () => {
  const t = await watched();
  const { pid } = await t.ask('web');
  const { letGo } = await holdLock(t.at('lock'));
  process.kill(pid, 'SIGKILL');
  await until('it is gone', () => processStart(pid) === null);
  expect(await t.states()).toEqual(['web/server dead']);
  expect(await t.answers('web')).toBe(false);
  letGo();
  await successorOf(pid, t);
});

test('stands still while a change runs, whose matter it is', async () => {
  const t = await watched();
  const { pid } = await t.ask('web');
  const slow = await t.web(
    'web',
    '2.0.0',
    {},
    { hooks: { preinstall: 'touch here; until [ -e go ]; do sleep 0.05; done; exit 1' } },
  );
  const change = t.start(['install', '-y', slow]);
  await until('the hook runs', () => t.exists('transactions/2/scratch/web/here'));
  process.kill(pid, 'SIGKILL');
  await until('it is gone', () => processStart(pid) === null);
  expect(t.watcher.errSoFar()).not.toContain('started again');
  fs.writeFileSync(t.at('transactions/2/scratch/web/go'), '');
  expect((await change.ended).exit).toBe(1);
  await successorOf(pid, t);
  expect((await t.ask('web')).version).toBe('1.0.0');
});
