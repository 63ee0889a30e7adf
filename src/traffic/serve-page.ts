import http from 'node:http';
import { PkgError } from '../error.ts';
import { type Maintenance, readMaintenance } from './maintenance-mark.ts';
import { latePage, maintenanceJson, maintenancePage } from './maintenance-page.ts';

/** Where the page is shown, and the folders of its marks: the first one with a mark counts. */
export type PagePlace = { readonly folders: readonly string[]; readonly port: number; readonly address: string };

/** Answers every request with the page, until `stop` fires. Reads the marks each time, so it is never out of date. */
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

/** The present text, and the seconds until the service is expected back, if that is in the future. */
function shown(mark: Maintenance, isJson: boolean): { readonly left: number | null; readonly text: string } {
  const left = mark.until === null ? null : Math.ceil((Date.parse(mark.until) - Date.now()) / 1000);
  const isLate = left !== null && left <= 0;
  const text = isJson ? maintenanceJson(mark, isLate) : isLate ? latePage(mark) : maintenancePage(mark);
  return { left: isLate ? null : left, text };
}

function cannotListen(port: number, cause: Error): PkgError {
  return new PkgError('port-taken', `cannot show a page at port ${port}: ${cause.message}`, { cause });
}
