import http from 'node:http';
import { PkgError } from '../error.ts';
import { type Maintenance, readMaintenance } from './maintenance-mark.ts';
import { latePage, maintenanceJson, maintenancePage } from './maintenance-page.ts';

/** Where the page is shown, and whose it is: the first of the folders that has a mark says what. */
export type PagePlace = { readonly folders: readonly string[]; readonly port: number; readonly address: string };

/** Answers every request with the page, until `stop` fires. Looks at the marks each time, so it never promises the past. */
export async function servePage({ folders, port, address }: PagePlace, stop: AbortSignal): Promise<void> {
  const server = http.createServer((request, response) => {
    const mark = folders.flatMap((folder) => readMaintenance(folder) ?? [])[0] ?? UNKNOWN;
    const isJson = request.headers.accept?.includes('application/json') === true;
    const { left, text } = shown(mark, isJson);
    response.writeHead(503, {
      'content-type': isJson ? 'application/json' : 'text/html; charset=utf-8',
      'retry-after': String(left ?? 120),
      'cache-control': 'no-store',
      connection: 'close',
    });
    response.end(request.method === 'HEAD' ? undefined : text);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (cause) => reject(cannotListen(port, cause)));
  server.listen({ port, ...(address === '*' ? {} : { host: address }) });
  stop.addEventListener('abort', () => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  return promise;
}

const UNKNOWN: Maintenance = { since: new Date(0).toISOString(), until: null, message: null, paths: [], by: 'change' };

/** The text for now, and the seconds until it is expected back where that is still to come. */
function shown(mark: Maintenance, isJson: boolean): { readonly left: number | null; readonly text: string } {
  const left = mark.until === null ? null : Math.ceil((Date.parse(mark.until) - Date.now()) / 1000);
  const isLate = left !== null && left <= 0;
  const text = isJson ? maintenanceJson(mark, isLate) : isLate ? latePage(mark) : maintenancePage(mark);
  return { left: isLate ? null : left, text };
}

function cannotListen(port: number, cause: Error): PkgError {
  return new PkgError('port-taken', `cannot show a page at port ${port}: ${cause.message}`, { cause });
}
