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
      const { recorded, ...rest } = aimOf(t);
      expect([at, rest]).toEqual([
        at,
        { leadsToTheLivingOne: true, instances: [recorded], records: ['web.server.json'] },
      ]);
      expect([at, `web@${(await t.ask()).body}`]).toEqual([at, now]);
      if (!wasKilled) expect(now).toBe(`web@1.0.${records}`);
    }
    const { asked, failed } = await load.stop();
    expect(failed).toEqual([]);
    expect(asked).toBeGreaterThan(100);
  });
});
