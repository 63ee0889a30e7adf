import fs from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { endProcesses, findProcesses } from '../../src/system/index.ts';
import { MIGRATE, WAY_NAMES, WAYS } from '../faults/programme/service-bundle.ts';
import { freePort } from '../service/service-world.ts';
import { workbench } from '../support/pkg.ts';

/** Answers with the version it read at start and on SIGHUP. */
const SERVER = `
import fs from 'node:fs';
import http from 'node:http';
const read = () => fs.readFileSync(process.env.PKG_BUNDLE_DIR + '/version', 'utf8');
let version = read();
process.on('SIGHUP', () => { version = read(); });
http.createServer((request, response) => response.writeHead(200, { 'x-version': version }).end())
  .listen(Number(process.argv[2]), '127.0.0.1');
`;

/** A server in Node is told nothing by a control program. */
const ways = WAY_NAMES.filter((way) => way !== 'hot');

async function running(way: string) {
  const t = workbench();
  onTestFinished(async () => {
    await endProcesses({ PKG_ROOT: t.root }, { graceMs: 0 });
  });
  const ports = [await freePort(), await freePort()];
  const steps = WAYS[way] ?? [];
  const web = (version: string): Promise<string> =>
    t.bundle('web', version, {
      files: { 'server.mjs': SERVER, version, 'bin/migrate': MIGRATE },
      data: { directory: true },
      services: {
        server: {
          start: [process.execPath, 'server.mjs', '${port}'],
          ports,
          ready: { http: 'http://127.0.0.1:${port}/', header: { 'x-version': '${version}' } },
          ...(way === 'reload' ? { path: 'current', reload: { signal: 'SIGHUP' } } : {}),
        },
      },
      ...(version === '2.0.0' ? { upgrade: { up: [{ from: '1.0.0', steps }], down: [{ to: '1.0.0', steps }] } } : {}),
    });
  await t.ok('install', '--yes', await web('1.0.0'));
  return {
    ...t,
    upgrade: t.start(['install', '--yes', await web('2.0.0')]),
    journal: (): string => (t.exists('transactions/2/journal.jsonl') ? t.read('transactions/2/journal.jsonl') : ''),
    processes: () => findProcesses({ PKG_ROOT: t.root, PKG_SERVICE: 'web/server' }),
    /** The version that answers where the record says that it runs. */
    async answers(): Promise<string | null> {
      const { port } = JSON.parse(t.read('run/web.server.json'));
      return (await fetch(`http://127.0.0.1:${port}/`)).headers.get('x-version');
    },
    end: () => endProcesses({ PKG_ROOT: t.root }, { graceMs: 0 }),
  };
}

type Running = Awaited<ReturnType<typeof running>>;

/** SIGKILL at the moment when the journal says that step n begins; answers whether it came to that. */
async function killAt(n: number, { upgrade, journal }: Running): Promise<boolean> {
  const begins = new RegExp(`"record":"INTENT","n":${n}\\b`);
  while (upgrade.child.exitCode === null && !begins.test(journal())) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  upgrade.child.kill('SIGKILL');
  return (await upgrade.ended).exit !== 0;
}

describe('pkg is killed while it changes a running service', () => {
  test.each(ways)('%s: what is installed is what runs, at whatever step', async (way) => {
    for (let n = 0, wasKilled = true; wasKilled; n++) {
      const t = await running(way);
      wasKilled = await killAt(n, t);
      await t.ok('recover');
      const isNew = (await t.installed())[0] === 'web@2.0.0';
      const at = `killed at step ${n}`;
      expect(t.processes(), at).toHaveLength(1);
      expect(await t.answers(), at).toBe(isNew ? '2.0.0' : '1.0.0');
      expect(t.exists('data/web/format'), at).toBe(isNew);
      expect(fs.readdirSync(t.at('run')), at).toEqual(['web.server.json']);
      await t.end();
    }
  });
});
