import fs from 'node:fs';
import { expect, test } from 'vitest';
import { until, workbench } from '../support/pkg.ts';

test('an empty root has a status and is not made by looking', async () => {
  const t = workbench();
  expect((await t.ok('status', '--json')).json).toEqual({
    formatVersion: '1',
    generation: null,
    outcome: null,
    preview: null,
    trialUntil: null,
    bundles: [],
    services: [],
    openTransaction: null,
    running: null,
    maintenance: [],
    configWaiting: [],
    keptGenerations: [],
    drift: 0,
    unread: [],
    problem: null,
  });
  expect((await t.ok('status')).out).toContain('nothing is installed');
  expect(fs.existsSync(t.root)).toBe(false);
});

test('shows what is live, what is kept, drift and configuration that waits', async () => {
  const t = workbench();
  const config = { config: [{ path: 'etc/a.conf' }] };
  await t.ok('install', '-y', await t.bundle('a', '1.0.0', { ...config, files: { 'etc/a.conf': 'one\n' } }));
  fs.writeFileSync(t.at('current/etc/a/a.conf'), 'mine\n');
  await t.ok('install', '-y', await t.bundle('a', '2.0.0', { ...config, files: { 'etc/a.conf': 'two\n' } }));
  fs.chmodSync(t.at('current/bundles/a/data.txt'), 0o644);
  fs.writeFileSync(t.at('current/bundles/a/data.txt'), 'mine\n');
  const { json } = await t.ok('status', '--json');
  expect(json).toMatchObject({ generation: 2, outcome: 'good', keptGenerations: [1, 2], drift: 1 });
  expect(json.configWaiting).toEqual([t.at('current/etc/a/a.conf.pkg-new')]);
  const { lines } = await t.ok('status');
  expect(lines).toContain('drift       1 shipped file was changed by hand: pkg verify');
  expect(lines).toContain(`decide      ${t.at('current/etc/a/a.conf.pkg-new')}`);
});

test('tells a change that runs from one that was interrupted, and waits for neither', async () => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
  const slow = await t.bundle('a', '2.0.0', { hooks: { preinstall: 'touch here; exec sleep 60' } });
  const change = t.start(['install', '-y', slow]);
  await until('the hook runs', () => t.exists('transactions/2/scratch/a/here'));
  const during = await t.ok('status', '--json');
  expect(during.json).toMatchObject({
    generation: 1,
    openTransaction: { id: 2, command: `pkg install -y ${slow}` },
    running: { pid: change.child.pid, command: `pkg install -y ${slow}` },
  });
  expect((await t.ok('status')).out).toMatch(/pid \d+ `pkg install .*` is changing this root since \d\d:\d\d/);
  expect((await t.ok('history', '--json')).json.transactions[1].outcome).toBe('running');

  change.child.kill('SIGKILL');
  await change.ended;
  const after = await t.ok('status', '--json');
  expect(after.json).toMatchObject({ generation: 1, openTransaction: { id: 2 }, running: null });
  expect((await t.ok('status')).out).toMatch(/interrupted transaction 2 \(pkg install .*\): pkg recover/);
  expect((await t.ok('history', '--json')).json.transactions[1].outcome).toBe('needs-recovery');

  await t.ok('recover');
  expect((await t.ok('status', '--json')).json.openTransaction).toBe(null);
});

test('says what is damaged instead of failing', async () => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
  fs.rmSync(t.at('current'));
  const { json } = await t.ok('status', '--json');
  expect(json).toMatchObject({ generation: null, problem: { hint: 'pkg recover' } });
  expect((await t.ok('status')).out).toMatch(/damaged .*current is absent: pkg recover/);
});
