import { freePort } from '../hooks/stage.ts';
import { type Wish, type Workbench, workbench } from '../support/pkg.ts';

/** Answers its version and its words; ends when asked for /die, stops answering when asked for /hang. */
const SERVER = `
const http = require('node:http');
const [port, ...words] = process.argv.slice(2);
let version = process.env.PKG_VERSION;
let hangs = false;
process.on('SIGHUP', () => { version = version + '-reloaded'; console.log('reloaded'); });
http.createServer((request, response) => {
  if (request.url === '/die') process.exit(3);
  if (request.url === '/hang') hangs = true;
  if (hangs) return response.writeHead(503).end();
  response.end(JSON.stringify({ version, words, pid: process.pid }));
}).listen(Number(port), '127.0.0.1', () => console.log('listening as', version, ...words));
`;

export type ServiceBench = Awaited<ReturnType<typeof serviceBench>>;

/** A workbench whose bundles are real web servers; none of them is left when the test ends. */
export async function serviceBench() {
  const t: Workbench = workbench();
  const ports = new Map<string, number>();

  async function portOf(title: string): Promise<number> {
    const port = ports.get(title) ?? (await freePort());
    ports.set(title, port);
    return port;
  }

  return {
    ...t,
    portOf,
    /** Builds a bundle with the service `NAME/server`; `service` changes its declaration, `wish` the rest. */
    async web(name: string, version: string, service: object = {}, wish: Wish = {}): Promise<string> {
      const port = await portOf(name);
      const server = {
        start: [process.execPath, 'server.js', '${port}'],
        ports: [port],
        ready: { http: 'http://127.0.0.1:${port}/', timeout: '20s' },
        reload: { signal: 'SIGHUP' },
        path: 'current',
        autostart: false,
        ...service,
      };
      return t.bundle(name, version, { ...wish, files: { 'server.js': SERVER, ...wish.files }, services: { server } });
    },
    /** What the server of a bundle answers. */
    async ask(name: string, path = '/'): Promise<{ version: string; words: string[]; pid: number }> {
      const response = await fetch(`http://127.0.0.1:${await portOf(name)}${path}`, {
        headers: { connection: 'close' },
      });
      return (await response.json()) as { version: string; words: string[]; pid: number };
    },
    /** Whether anything listens for a bundle. */
    async answers(name: string): Promise<boolean> {
      try {
        return (await fetch(`http://127.0.0.1:${await portOf(name)}/`)).ok;
      } catch {
        return false;
      }
    },
    /** `['db/server running', …]`, as `pkg service status` says. */
    async states(): Promise<readonly string[]> {
      const { json } = await t.ok('service', 'status', '--json');
      return json.services.map(
        (one: { bundle: string; name: string; state: string }) => `${one.bundle}/${one.name} ${one.state}`,
      );
    },
  };
}
