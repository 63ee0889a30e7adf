import fs from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { BundleId, RunRecord, ServiceAt } from '../../src/model/index.ts';
import { managerOf, readRecord } from '../../src/service/index.ts';
import { launchOf, startReady } from '../../src/steps/index.ts';
import { bootId, endProcesses } from '../../src/system/index.ts';
import { freePort } from '../service/service-world.ts';
import { type Body, stepWorld } from './step-world.ts';

/**
 * An HTTP server that answers with the version it read at start and on SIGHUP. A bundle with a file `broken` ends at
 * once, one with `stubborn` does not hear SIGHUP, and words beside the port are printed.
 */
const SERVER = `
import fs from 'node:fs';
import http from 'node:http';
const [port, ...words] = process.argv.slice(2);
const file = (name) => process.env.PKG_BUNDLE_DIR + '/' + name;
if (fs.existsSync(file('broken'))) { console.log('no database'); process.exit(1); }
let version = fs.readFileSync(file('version'), 'utf8');
process.on('SIGHUP', () => {
  console.log('told to reload');
  if (!fs.existsSync(file('stubborn'))) version = fs.readFileSync(file('version'), 'utf8');
});
http.createServer((request, response) => {
  response.writeHead(200, { 'x-version': version }).end(words.join(' '));
}).listen({ port: Number(port), host: '127.0.0.1', reusePort: true }, () => console.log('listening as ' + version));
`;

export const WEB = { bundle: 'web', service: 'server' } as const;

/** Steps on a service `web/server`, real processes included; none is left when the test ends. */
export async function serviceStepsWorld() {
  const t = stepWorld();
  onTestFinished(async () => {
    await endProcesses({ PKG_ROOT: t.layout.root }, { graceMs: 0 });
  });
  const ports = [await freePort(), await freePort()] as const;
  const main = t.layout.runRecord(WEB);

  /** `web` in a version, with what is special about its service and its files; it may go by another name. */
  function web(
    version: string,
    service: object = {},
    files: Readonly<Record<string, string>> = {},
    name: string = WEB.bundle,
  ): Promise<BundleId> {
    const server = {
      start: [process.execPath, 'server.mjs', '${port}'],
      ports,
      ready: { http: 'http://127.0.0.1:${port}/', header: { 'x-version': '${version}' }, timeout: '3s' },
      ...service,
    };
    return t.stage(name, version, {
      files: { 'server.mjs': SERVER, version, ...files },
      manifest: { services: { server } },
    });
  }

  const record = (): RunRecord | null => readRecord(main);

  return {
    ...t,
    ports,
    web,
    record,
    at: (bundle: BundleId, generation: number): ServiceAt => ({
      name: { ...WEB, bundle: bundle.name },
      bundle,
      generation,
    }),
    /** As `pkg service start web` leaves it: running in this generation, with words added by hand. */
    async running(service: ServiceAt, extraArgs: readonly string[] = []): Promise<RunRecord> {
      const launch = await launchOf(t.layout, service, { ...t.world, extraArgs });
      return startReady(launch, t.world);
    },
    /** The version that answers on its first port, or the one given; null when nobody does. */
    async answers(port: number = ports[0]): Promise<string | null> {
      const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } }).catch(() => null);
      return answer?.headers.get('x-version') ?? null;
    },
    async words(port: number = ports[0]): Promise<string> {
      return (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text();
    },
    log: (): string => fs.readFileSync(t.layout.serviceLog(WEB), 'utf8'),
    isUp: async (one: RunRecord | null): Promise<boolean> =>
      one !== null && (await managerOf(one.manager).condition(one)).state === 'running',
    warnings: (): readonly string[] => t.events.flatMap((event) => (event.event === 'warning' ? [event.message] : [])),
    /** Everything that was written down was written down before this boot. */
    reboot(): void {
      for (const folder of [t.layout.run, t.layout.serviceMemories(1)]) {
        for (const file of fs.readdirSync(folder).map((name) => path.join(folder, name))) {
          fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replaceAll(bootId(), 'the-boot-before'));
        }
      }
    },
    /** Does these steps in order and answers how to undo all of them. */
    async through(...steps: readonly Body[]): Promise<() => Promise<void>> {
      const notes: Awaited<ReturnType<typeof t.do>>[] = [];
      for (const step of steps) notes.push(await t.do(step));
      return async () => {
        for (const [n, step] of [...steps.entries()].toReversed()) await t.undo(step, notes[n]);
      };
    },
  };
}
