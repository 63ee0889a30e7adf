import type { IncomingHttpHeaders } from 'node:http';
import type { Probe } from '../../model/index.ts';
import type { Answer } from './probe-declared.ts';

/** Asks once, over a connection of its own: a kept one might still lead to the old version. */
export function probeHttp(url: string, probe: Probe, timeoutMs: number): Promise<Answer> {
  return fetchOnce(url, probe.send ?? {}, timeoutMs).then(
    (page) => judge(url, page, probe),
    (error: NodeJS.ErrnoException) => ({ answered: false, message: `${url}: ${error.code ?? error.message}` }),
  );
}

type Page = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

const LONGEST_BODY = 1 << 20;

function fetchOnce(url: string, send: NonNullable<Probe['send']>, timeoutMs: number): Promise<Page> {
  return new Promise((resolve, reject) => {
    const { request: ask } = protocolOf(url);
    // A certificate rarely names 127.0.0.1; the question is whether the service answers, not who it is.
    const request = ask(url, { agent: false, rejectUnauthorized: false, headers: { 'user-agent': 'pkg', ...send } });
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    request.once('close', () => clearTimeout(timer));
    request.once('error', reject);
    request.once('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        if (body.length < LONGEST_BODY) body += text;
      });
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.end();
  });
}

/** Imported, it would load all that `fetch` is made of, which is a quarter of the time that a short command takes. */
function protocolOf(url: string) {
  return process.getBuiltinModule(url.startsWith('https:') ? 'node:https' : 'node:http');
}

function judge(url: string, { status, headers, body }: Page, probe: Probe): Answer {
  const wanted = probe.status ?? 200;
  if (status !== wanted) return { answered: false, message: `${url} answers ${status}, not ${wanted}` };
  for (const [name, value] of Object.entries(probe.header ?? {})) {
    const seen = [headers[name.toLowerCase()]].flat().join(', ');
    if (seen !== value) {
      const what = seen === '' ? `without ${name}` : `with ${name}: ${seen}`;
      return { answered: false, message: `${url} answers ${status} ${what}, not ${name}: ${value}` };
    }
  }
  if (probe.body !== undefined && !body.includes(probe.body)) {
    return { answered: false, message: `${url} answers ${status}, but without '${probe.body}' in it` };
  }
  return { answered: true, message: `${url} answers ${status}` };
}
