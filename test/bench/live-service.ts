import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { liveProxy, type ProxyName } from './live-proxy.ts';
import { answered } from './load.ts';
import { newFolder, type World } from './world.ts';

const VERSIONS = ['1.0.0', '2.0.0'];

/** A web server that says its version. Told to reload, it takes 10 ms to read it again, and serves meanwhile; /long takes 10 s. */
const SERVER = `
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
const [port, file] = process.argv.slice(2);
const read = () => readFileSync(file, 'utf8');
let version = read();
process.on('SIGHUP', () => setTimeout(() => (version = read()), 10));
process.on('SIGTERM', () => process.exit(0));
createServer((request, response) => {
  response.setHeader('x-version', version);
  if (request.url === '/long') setTimeout(() => response.end(version), 10_000);
  else response.end(version);
}).listen(Number(port), '127.0.0.1');
`;

/** A service that runs in a root of its own and changes its version by `way`. */
export type LiveService = {
  readonly port: number;
  /** Installs the other version and answers how many seconds pkg took. */
  change(): Promise<number>;
  stop(): Promise<void>;
};

/** A web server that is reloaded or restarted from version to version. */
export async function startLive(world: World, way: 'reload' | 'restart'): Promise<LiveService> {
  const port = await freePort();
  const isReload = way === 'reload';
  const service = {
    path: isReload ? 'current' : 'exact',
    ports: [port],
    reload: isReload ? { signal: 'SIGHUP' } : undefined,
  };
  return { ...(await startInstalled(world, { way, folder: way, service })), port };
}

/** The same server behind a proxy, replaced by an instance beside it. */
export async function startBehind(world: World, name: ProxyName): Promise<LiveService> {
  const [port, first, second] = await Promise.all([freePort(), freePort(), freePort()]);
  const proxy = liveProxy(world, name, { port, first, second });
  const arrives = { http: `http://127.0.0.1:${port}/`, header: { 'x-version': '${version}' } };
  const service = { ports: [first, second], traffic: { ...proxy.traffic, arrives } };
  const live = await startInstalled(world, { way: 'replace', folder: `replace-${name}`, service });
  await proxy.start();
  return {
    ...live,
    port,
    async stop() {
      await live.stop();
      await proxy.stop();
    },
  };
}

type Wish = { readonly way: string; readonly folder: string; readonly service: object };

/** Builds both versions, installs the first, and starts it. */
async function startInstalled(world: World, wish: Wish): Promise<Omit<LiveService, 'port'>> {
  const root = join(world.folder, `root-${wish.folder}`);
  const pkg = (...words: readonly string[]) => timed([...world.pkg, '--root', root, '-y', ...words]);
  for (const version of VERSIONS) await buildVersion(world, version, wish);
  const archives = join(world.folder, `archives-${wish.folder}`);
  let [live = '', next = ''] = VERSIONS.map((version) => join(archives, `live-${version}.tgz`));
  await pkg('install', live);
  await pkg('service', 'start', 'live');
  return {
    async change() {
      const seconds = await pkg(next.endsWith('-2.0.0.tgz') ? 'install' : 'downgrade', next);
      [live, next] = [next, live];
      return seconds;
    },
    stop: async () => void (await pkg('service', 'stop', 'live')),
  };
}

/** Seconds from starting the same server without pkg to its first answer. */
export async function startAlone(world: World): Promise<number> {
  const folder = newFolder(world, 'alone');
  writeFileSync(join(folder, 'server.mjs'), SERVER);
  writeFileSync(join(folder, 'version'), VERSIONS[0] ?? '');
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, ['server.mjs', String(port), 'version'], { cwd: folder, stdio: 'ignore' });
  while (!(await answered(port, false))) await new Promise(setImmediate);
  const seconds = (performance.now() - began) / 1000;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
  return seconds;
}

async function buildVersion(world: World, version: string, { way, folder: name, service }: Wish): Promise<void> {
  const folder = newFolder(world, `live-${name}`, version);
  const steps = [{ [way]: 'web' }];
  const manifest = {
    name: 'live',
    version,
    services: {
      web: {
        start: [process.execPath, 'server.mjs', '${port}', '${bundle}/version'],
        ready: { http: 'http://127.0.0.1:${port}/', header: { 'x-version': '${version}' } },
        ...service,
      },
    },
    upgrade: { up: [{ from: '<2', steps }], down: [{ to: '<2', steps }] },
  };
  writeFileSync(join(folder, 'bundle.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'server.mjs'), SERVER);
  writeFileSync(join(folder, 'version'), version);
  await timed([...world.pkg, 'build', folder, '-o', newFolder(world, `archives-${name}`)]);
}

async function timed([program = '', ...words]: readonly string[]): Promise<number> {
  const began = performance.now();
  await promisify(execFile)(program, words);
  return (performance.now() - began) / 1000;
}

/** A port where nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
