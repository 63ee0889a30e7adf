import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Launch, RunRecord, Service } from '../../src/model/index.ts';
import { awaitReady, listenersOn, managerOf, readRecord } from '../../src/service/index.ts';
import { processStart, removeTree } from '../../src/system/index.ts';
import { freePort } from '../support/free-port.ts';
import { endInhabitants } from '../support/inhabitants.ts';

export { freePort } from '../support/free-port.ts';

/**
 * An HTTP server as a service of node: its version is read at start and on SIGHUP from the file `version`, and answered
 * as `x-version` at /health. Words beside the port change it: `deaf` to SIGTERM, `frail` = ends with its first answer.
 */
const SERVER = `
import fs from 'node:fs';
import http from 'node:http';
const [port, ...words] = process.argv.slice(2);
let version = fs.readFileSync('version', 'utf8');
process.on('SIGHUP', () => { if (!words.includes('stubborn')) version = fs.readFileSync('version', 'utf8'); });
if (words.includes('deaf')) process.on('SIGTERM', () => console.log('no'));
http.createServer((request, response) => {
  if (request.url === '/moved') return response.writeHead(302, { location: '/health' }).end();
  response.writeHead(200, { 'x-version': version }).end('all is well');
  if (words.includes('frail')) response.on('finish', () => process.exit(3));
}).listen(Number(port), '127.0.0.1', () => console.log('listening as ' + version));
`;

export type ServiceWorld = Awaited<ReturnType<typeof serviceWorld>>;

/** A folder for services of one bundle, and what starts, asks and ends them; no process is left when the test ends. */
export async function serviceWorld() {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-service-')));
  const root = path.join(folder, 'root');
  const bundleDir = path.join(folder, 'bundle');
  const strangers: ChildProcess[] = [];
  onTestFinished(async () => {
    for (const stranger of strangers) stranger.kill('SIGKILL');
    await endInhabitants(folder);
    removeTree(folder);
  });
  fs.mkdirSync(bundleDir, { recursive: true });
  write('server.mjs', SERVER);
  write('version', '1.0.0');
  const port = await freePort();
  const told: string[] = [];
  const abort = new AbortController();

  function write(file: string, text: string): string {
    const full = path.join(bundleDir, file);
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.writeFileSync(full, text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
    return full;
  }

  /** The launch of `web/server`: the server above, unless `service.start` says otherwise. */
  function launch(service: Service = {}, changed: Partial<Launch> = {}): Launch {
    const argv = service.start ?? [process.execPath, 'server.mjs', String(port)];
    return {
      name: { bundle: 'web', service: 'server' },
      version: '1.0.0',
      generation: 1,
      bundleDir,
      service: { ...service, start: argv },
      argv,
      cwd: bundleDir,
      env: { PATH: process.env['PATH'] ?? '', PKG_ROOT: root, PKG_TRANSACTION: '7' },
      port,
      log: path.join(root, 'log', 'web.server.log'),
      runFile: path.join(root, 'run', 'web.server.json'),
      unit: 'pkg-web-server',
      ...changed,
    };
  }

  const managerFor = ({ service }: Launch) => managerOf(service.manager ?? 'process');

  return {
    folder,
    bundleDir,
    port,
    abort,
    /** What was said by the way. */
    told,
    write,
    launch,
    /** The probe that only a certain version satisfies. */
    asks: (version: string) => ({ http: `http://127.0.0.1:${port}/health`, header: { 'x-version': version } }),
    start: (what: Launch) => managerFor(what).start(what, abort.signal),
    ready: (what: Launch, record: RunRecord, logFrom = 0, mayFlicker = false) =>
      awaitReady(what, record, { abort: abort.signal, tell: (message) => told.push(message), logFrom, mayFlicker }),
    stop: (record: RunRecord) => managerFor(record.launch).stop(record, abort.signal, (message) => told.push(message)),
    reload: (record: RunRecord) => managerFor(record.launch).reload(record, abort.signal),
    condition: (record: RunRecord) => managerFor(record.launch).condition(record),
    recorded: (what: Launch) => readRecord(what.runFile),
    log: (what: Launch) => fs.readFileSync(what.log, 'utf8'),
    isTaken: () => listenersOn([port]).has(port),
    /** A process that has nothing to do with the service; it lives until the test ends. */
    async stranger(script = 'exec sleep 1000'): Promise<number> {
      const child = spawn('/bin/sh', ['-c', `echo up; ${script}`], { stdio: ['ignore', 'pipe', 'ignore'], env: {} });
      strangers.push(child);
      await once(child.stdout, 'data');
      return child.pid ?? 0;
    },
  };
}

export const isDead = (pid: number | null) => pid !== null && processStart(pid) === null;
