import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findProcesses } from '../../src/system/index.ts';
import { needs } from '../support/needs.ts';
import { until, workbench } from '../support/pkg.ts';
import { rewriteJournal } from '../support/trial.ts';
import type { Asking } from './clients.ts';
import { behindHaproxy } from './haproxy.ts';
import { behindNginx } from './nginx.ts';

const CLIENTS = ['header:X-Preview=1', 'cookie:beta=yes', 'address:127.0.0.2'];
const PREVIEW = CLIENTS.flatMap((client) => ['--preview', client]);

const THEY: readonly Asking[] = [
  { headers: { 'X-Preview': '1' } },
  { headers: { cookie: 'a=b; beta=yes; c=d' } },
  { from: '127.0.0.2' },
];

const OTHERS: readonly Asking[] = [
  {},
  { headers: { 'X-Preview': '11' } },
  { headers: { cookie: 'alphabeta=yes; beta=yes2' } },
  { from: '127.0.0.3' },
];

const PROXIES = {
  nginx: () => behindNginx({ pass: '$pkg_web_server' }),
  haproxy: () => behindHaproxy(),
};

type Bench = Awaited<ReturnType<(typeof PROXIES)[keyof typeof PROXIES]>>;

/** What the clients of the preview and everybody else are answered now. */
async function versions(t: Bench): Promise<readonly (readonly string[])[]> {
  const ask = (clients: readonly Asking[]) =>
    Promise.all(clients.map(async (client) => (await t.ask('/', client)).body));
  return Promise.all([ask(THEY), ask(OTHERS)]);
}

const all = (version: string): readonly (readonly string[])[] => [THEY.map(() => version), OTHERS.map(() => version)];
const shown = (old: string, next: string) => [THEY.map(() => next), OTHERS.map(() => old)];
const instances = (t: Bench) => findProcesses({ PKG_ROOT: t.root, PKG_SERVICE: 'web/server' }).length;

describe.each(['nginx', 'haproxy'] as const)('a preview behind %s', (proxy) => {
  needs(proxy);

  test('is seen by its clients alone, until it is abandoned or published, and nobody is turned away', async () => {
    const t = await PROXIES[proxy]();
    const before = proxy === 'nginx' ? fs.readFileSync(t.file, 'utf8') : null;
    const [they, others] = [t.load(THEY[0]), t.load()];

    const { json } = await t.ok('install', '-y', '--json', ...PREVIEW, await t.web('2.0.0'));
    expect(json).toMatchObject({ outcome: 'trial', trialUntil: null, generation: 1, preview: CLIENTS });
    expect(await versions(t)).toEqual(shown('1.0.0', '2.0.0'));
    expect(await t.installed()).toEqual(['web@1.0.0']);
    expect((await t.ok('status', '--json')).json).toMatchObject({
      generation: 1,
      outcome: 'good',
      trialUntil: null,
      preview: { generation: 2, clients: CLIENTS, until: null },
    });
    expect((await t.ok('status')).out).toMatch(
      /preview +generation 2 for header:X-Preview=1.*pkg publish.*pkg abandon/,
    );

    await t.ok('abandon', '-y');
    expect(await versions(t)).toEqual(all('1.0.0'));
    expect([t.exists('generations/2'), instances(t), fs.readdirSync(t.at('run'))]).toEqual([
      false,
      1,
      ['web.server.json'],
    ]);
    if (before !== null) expect(fs.readFileSync(t.file, 'utf8')).toBe(before);
    expect([...others.seen]).toEqual(['1.0.0']);

    await t.ok('install', '-y', ...PREVIEW, await t.web('3.0.0'));
    expect(await versions(t)).toEqual(shown('1.0.0', '3.0.0'));
    await until('the client sees it', () => they.seen.has('3.0.0'));
    expect([...others.seen]).toEqual(['1.0.0']);
    await t.ok('publish', '-y');
    expect(await versions(t)).toEqual(all('3.0.0'));
    expect(await t.installed()).toEqual(['web@3.0.0']);
    expect([instances(t), fs.readdirSync(t.at('run'))]).toEqual([1, ['web.server.json']]);
    await until('everybody sees it', () => others.seen.has('3.0.0'));
    expect((await they.stop()).failed).toEqual([]);
    expect((await others.stop()).failed).toEqual([]);
    await t.ok('rollback', '-y');
    expect(await versions(t)).toEqual(all('1.0.0'));
  });
});

describe('a preview', () => {
  needs('nginx');

  test('keeps every other change out, and is ended by pkg recover, by its time and by pkg rollback', async () => {
    const t = await PROXIES.nginx();
    const next = await t.web('2.0.0');
    const client = ['--preview', 'header:X-Preview=1'];
    await t.ok('install', '-y', ...client, next);
    for (const words of [
      ['install', '-y', next],
      ['remove', '-y', 'web'],
      ['pin', 'web'],
      ['gc'],
      ['rollback', '-y', '1'],
    ]) {
      const refused = await t.pkg(...words, '--json');
      expect([words[0], refused.exit, refused.error.code]).toEqual([words[0], 3, 'trial-open']);
      expect(refused.error.message).toContain('is in preview for header:X-Preview=1');
      expect(refused.error.hint).toMatch(/pkg publish.*pkg abandon/);
    }
    expect(await t.pkg('commit', '-y')).toMatchObject({ exit: 3, err: expect.stringContaining('hint: pkg publish') });
    expect((await t.ok('recover')).err).toContain('transaction 2');
    expect([await versions(t), instances(t)]).toEqual([all('1.0.0'), 1]);

    await t.ok('install', '-y', ...client, next);
    rewriteJournal(t.at('transactions/3'), (record) =>
      record.record === 'TRIAL' ? { ...record, bootId: 'before' } : record,
    );
    expect((await t.ok('gc')).err).toContain('the trial of transaction 3');
    expect([await versions(t), instances(t)]).toEqual([all('1.0.0'), 1]);

    await t.ok('install', '-y', ...client, next);
    await t.ok('rollback', '-y');
    expect([await versions(t), instances(t)]).toEqual([all('1.0.0'), 1]);

    await t.ok('install', '-y', ...client, '--try', '3s', next);
    expect((await t.ask('/', THEY[0])).body).toBe('2.0.0');
    await until('it goes back by itself', async () => (await t.ask('/', THEY[0])).body === '1.0.0');
    await until('the new one is gone', () => instances(t) === 1 && !t.exists('run/web.server~new.json'));
    const { transactions } = (await t.ok('history', '--json')).json;
    expect(transactions.map((one: { outcome: string }) => one.outcome)).toEqual([
      'committed',
      'undone',
      'undone',
      'undone',
      'undone',
    ]);
    expect((await t.pkg('publish', '-y')).err).toContain('nothing is in preview');
  });

  test('that cannot be published leaves everybody with the old version', async () => {
    const t = await PROXIES.nginx();
    const [they, others] = [t.load(THEY[0]), t.load()];
    const late = { name: 'late', run: ['bin/late'], when: ['switched'] as const };
    const wish = { files: { 'bin/late': '#!/bin/sh\nexit 1\n' }, checks: [late] };
    await t.ok('install', '-y', ...PREVIEW, await t.web('2.0.0', {}, {}, wish));
    const failed = await t.pkg('publish', '-y');
    expect([failed.exit, failed.err]).toEqual([7, expect.stringContaining('late')]);
    expect([await versions(t), instances(t)]).toEqual([all('1.0.0'), 1]);
    expect((await t.ok('status', '--json')).json).toMatchObject({
      generation: 1,
      preview: null,
      openTransaction: null,
    });
    expect([(await they.stop()).failed, (await others.stop()).failed]).toEqual([[], []]);
  });

  test('is refused where others would see it, too', async () => {
    const t = await behindNginx();
    const client = ['--preview', 'header:X-Preview=1'];
    const same = await t.pkg('install', '-y', ...client, await t.web('2.0.0'));
    expect([same.exit, same.err]).toEqual([1, expect.stringContaining('proxy_pass http://$pkg_web_server;')]);
    const restarted = await t.pkg('install', '-y', ...client, await t.web('2.0.0', { onUpgrade: 'restart' }));
    expect([restarted.exit, restarted.err]).toEqual([
      3,
      expect.stringContaining('cannot be previewed: it would have to'),
    ]);
    const elsewhere = await t.pkg('install', '-y', ...client, await t.web('2.0.0', {}, { upstream: 'other' }));
    expect([elsewhere.exit, elsewhere.err]).toEqual([3, expect.stringContaining('in another way')]);
    expect([(await t.ask('/', THEY[0])).body, instances(t)]).toEqual(['1.0.0', 1]);
  });
});

test.each([
  'header',
  'header:X Y=1',
  'header:X=$host',
  'header:X="1',
  'cookie:a-b=1',
  'address:here',
  'address:10.0.0.0/33',
])('nobody can be called %j', async (client) => {
  const t = workbench();
  const { exit, err } = await t.pkg('install', '-y', '--preview', client, await t.bundle('web', '1.0.0'));
  expect([exit, err]).toEqual([2, expect.stringContaining('--preview takes a client')]);
  expect(t.exists('root.json')).toBe(false);
});
