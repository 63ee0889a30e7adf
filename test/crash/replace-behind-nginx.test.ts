import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findProcesses } from '../../src/system/index.ts';
import { needs } from '../support/needs.ts';
import { behindNginx, type Proxied } from '../traffic/nginx.ts';

/** How many records the journal of the change in question has by now. */
function recordsIn(t: Proxied, id: number): number {
  const journal = `transactions/${id}/journal.jsonl`;
  return t.exists(journal) ? t.read(journal).split('"entry":').length - 1 : 0;
}

/** SIGKILL as soon as the journal has so many records; false when the command came to its end before. */
async function killedAt(records: number, t: Proxied, words: readonly string[], id: number): Promise<boolean> {
  const { child, ended } = t.startPkg(words);
  while (child.exitCode === null && recordsIn(t, id) < records) await new Promise(setImmediate);
  child.kill('SIGKILL');
  return (await ended).exit !== 0;
}

/** The newest transaction there is, by its number. */
const newest = (t: Proxied): number => Math.max(0, ...fs.readdirSync(t.at('transactions')).map(Number));

/** The port to which the file of nginx sends requests, and whether anybody else is left beside who listens there. */
function aimOf(t: Proxied) {
  const { port, pid } = JSON.parse(t.read('run/web.server.json'));
  return {
    leadsToTheLivingOne: fs.readFileSync(t.file, 'utf8').includes(`server 127.0.0.1:${port};`),
    instances: findProcesses({ PKG_ROOT: t.root, PKG_SERVICE: 'web/server' }).map((one) => one.pid),
    recorded: pid,
    records: fs.readdirSync(t.at('run')),
  };
}

describe('pkg is killed while it replaces a service behind nginx', () => {
  needs('nginx');

  test('at whatever record of the journal: all old or all new, and requests are answered throughout', async () => {
    const t = await behindNginx();
    const load = t.load();
    for (let records = 1, wasKilled = true; wasKilled; records++) {
      const next = await t.web(`1.0.${records}`, {}, { drain: '1s' });
      wasKilled = await killedAt(records, t, ['install', '-y', next], newest(t) + 1);
      const at = `killed at record ${records}`;
      await t.ok('recover');
      const [now = ''] = await t.installed();
      await onlyRuns(now.replace('web@', ''), t, at);
      if (!wasKilled) expect(now).toBe(`web@1.0.${records}`);
    }
    const { asked, failed } = await load.stop();
    expect(failed).toEqual([]);
    expect(asked).toBeGreaterThan(100);
  });
});

const CLIENT = { headers: { 'X-Preview': '1' } };

/** What a client of the preview and everybody else are answered. */
const shown = async (t: Proxied) => [(await t.ask('/', CLIENT)).body, (await t.ask()).body];

/** Nobody sees anything but `version`, and one instance runs, to which nginx leads. */
async function onlyRuns(version: string, t: Proxied, at: string): Promise<void> {
  const { recorded, ...rest } = aimOf(t);
  expect([at, rest]).toEqual([at, { leadsToTheLivingOne: true, instances: [recorded], records: ['web.server.json'] }]);
  expect([at, await shown(t), await t.installed()]).toEqual([at, [version, version], [`web@${version}`]]);
}

describe('pkg is killed', () => {
  needs('nginx');

  test('while it begins a preview: everybody sees the old version, or the preview stands', async () => {
    const t = await behindNginx({ pass: '$pkg_web_server' });
    const load = t.load();
    const next = await t.web('2.0.0', {}, { drain: '1s' });
    for (let records = 1, wasKilled = true; wasKilled; records++) {
      wasKilled = await killedAt(records, t, ['install', '-y', '--preview', 'header:X-Preview=1', next], newest(t) + 1);
      if (!wasKilled) expect(await shown(t)).toEqual(['2.0.0', '1.0.0']);
      await t.ok('recover');
      await onlyRuns('1.0.0', t, `killed at record ${records}`);
    }
    expect((await load.stop()).failed).toEqual([]);
  });

  test('while it publishes: everybody sees the old version, or everybody the new one', async () => {
    const t = await behindNginx({ pass: '$pkg_web_server' });
    const load = t.load();
    for (let records = 1, wasKilled = true, old = '1.0.0'; wasKilled; records++) {
      const next = `1.0.${records}`;
      await t.ok('install', '-y', '--preview', 'header:X-Preview=1', await t.web(next, {}, { drain: '1s' }));
      const id = newest(t);
      wasKilled = await killedAt(recordsIn(t, id) + records, t, ['publish', '-y'], id);
      await t.ok('recover');
      const isNew = (await t.installed())[0] === `web@${next}`;
      if (!wasKilled) expect(isNew).toBe(true);
      old = isNew ? next : old;
      await onlyRuns(old, t, `killed at record ${records}`);
    }
    expect((await load.stop()).failed).toEqual([]);
  });
});
