import http from 'node:http';
import { onTestFinished } from 'vitest';

/** Tells its version; answers /slow only after two seconds, and /never not at all. */
export const SERVER = `
const http = require('node:http');
http.createServer((request, response) => {
  if (request.url === '/never') return;
  response.setHeader('x-version', process.env.PKG_VERSION);
  setTimeout(() => response.end(process.env.PKG_VERSION), request.url === '/slow' ? 2000 : 0);
}).listen(Number(process.argv[2]), '127.0.0.1');
`;

export type Page = { readonly status: number; readonly body: string; readonly headers: Headers };

/** How one client asks: with which headers, and from which address of this machine. */
export type Asking = { readonly headers?: Readonly<Record<string, string>>; readonly from?: string };

/** One request from a client, over a connection of its own. */
export function askAt(port: number, where = '/', { headers = {}, from }: Asking = {}): Promise<Page> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', path: where, headers, agent: false, localAddress: from };
    const request = http.get(options, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('error', reject);
      response.on('end', () => {
        const seen = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
        resolve({ status: response.statusCode ?? 0, body, headers: seen });
      });
    });
    request.on('error', reject);
  });
}

/**
 * Constant requests until the test ends, or `stop` is called, which answers how many there were, what they saw and what
 * went wrong.
 */
export function loadOn(port: number, asking: Asking = {}) {
  const failed: string[] = [];
  const seen = new Set<string>();
  let asked = 0;
  let isOver = false;
  onTestFinished(() => void (isOver = true));
  const clients = [0, 1, 2].map(async () => {
    while (!isOver) {
      asked += 1;
      await askAt(port, '/', asking).then(
        ({ status, body }) => (status === 200 ? seen.add(body) : failed.push(`${status} ${body}`)),
        (error: Error) => failed.push(String(error.cause ?? error)),
      );
    }
  });
  return {
    seen,
    async stop() {
      isOver = true;
      await Promise.all(clients);
      return { asked, failed };
    },
  };
}
