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

/** One request from a client, over a connection of its own. */
export async function askAt(port: number, where = '/'): Promise<Page> {
  const response = await fetch(`http://127.0.0.1:${port}${where}`, { headers: { connection: 'close' } });
  return { status: response.status, body: await response.text(), headers: response.headers };
}

/** Constant requests until the test ends, or `stop` is called, which answers how many there were and what went wrong with any. */
export function loadOn(port: number) {
  const failed: string[] = [];
  let asked = 0;
  let isOver = false;
  onTestFinished(() => void (isOver = true));
  const clients = [0, 1, 2].map(async () => {
    while (!isOver) {
      asked += 1;
      await askAt(port).then(
        ({ status, body }) => status === 200 || failed.push(`${status} ${body}`),
        (error: Error) => failed.push(String(error.cause ?? error)),
      );
    }
  });
  return {
    async stop() {
      isOver = true;
      await Promise.all(clients);
      return { asked, failed };
    },
  };
}
