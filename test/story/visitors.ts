import http from 'node:http';

/** What visitors of the web site saw. */
export type Visits = {
  readonly answers: number;
  readonly failed: number;
  /** Answers in which the parts did not all come from one version. */
  readonly mixed: number;
  readonly versions: ReadonlyMap<string, number>;
};

const PAGES = ['/', '/boats', '/contact', '/crew', '/assets/site.css'];

/** Eight visitors who ask for pages without a pause until `stop` is called. */
export function startVisitors(port: number): { stop(): Promise<Visits> } {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  const seen = { answers: 0, failed: 0, mixed: 0, versions: new Map<string, number>() };
  let open = true;
  const visit = async (): Promise<void> => {
    for (let n = 0; open; n++) note(await ask(port, PAGES[n % PAGES.length] ?? '/', agent), seen);
  };
  const visitors = Array.from({ length: 8 }, visit);
  return {
    async stop() {
      open = false;
      await Promise.all(visitors);
      agent.destroy();
      return seen;
    },
  };
}

type Answer = { readonly status: number; readonly version: string; readonly body: string } | null;

function note(
  answer: Answer,
  seen: { answers: number; failed: number; mixed: number; versions: Map<string, number> },
): void {
  if (answer === null || answer.status !== 200) {
    seen.failed += 1;
    return;
  }
  seen.answers += 1;
  seen.versions.set(answer.version, (seen.versions.get(answer.version) ?? 0) + 1);
  const named = answer.body.match(/site \d+\.\d+\.\d+/g) ?? [];
  if (named.some((version) => version !== answer.version)) seen.mixed += 1;
}

function ask(port: number, path: string, agent: http.Agent): Promise<Answer> {
  return new Promise((resolve) => {
    http
      .get({ host: '127.0.0.1', port, path, agent }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => (body += text));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, version: String(response.headers['x-version']), body });
        });
      })
      .on('error', () => resolve(null));
  });
}
