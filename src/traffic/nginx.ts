import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../error.ts';
import { type ServiceName, serviceTitle, type TrafficWay } from '../model/index.ts';
import { readText, writeDurably } from '../system/index.ts';
import type { Proxy } from './proxy-of.ts';
import { runProxy } from './run-proxy.ts';

/** nginx, by a file of its configuration that holds one `upstream` block and nothing else. */
export function nginx(name: ServiceName, { file = '', upstream, command = ['nginx'] }: TrafficWay): Proxy {
  const textFor = (port: number): string => upstreamText(name, upstream ?? `${name.bundle}-${name.service}`, port);

  /** `nginx -t` reads every file, so a mistake in any of them is found before the running one is told. */
  async function refuseUnusable(): Promise<void> {
    const { ok, said } = await runProxy([...command, '-t']);
    if (ok) return;
    throw new PkgError('traffic-failed', `cannot move the traffic of ${serviceTitle(name)}: nginx refuses: ${said}`, {
      hint: `mend its configuration; to see all it says: ${command.join(' ')} -t`,
    });
  }

  return {
    file,

    refuseUnusable,

    leadsTo: (port) => readText(file) === textFor(port),

    async lead(port) {
      write(file, textFor(port));
      await refuseUnusable();
      const { ok, said } = await runProxy([...command, '-s', 'reload']);
      if (ok) return;
      throw new PkgError('traffic-failed', `cannot reload the nginx in front of ${serviceTitle(name)}: ${said}`, {
        hint: `see that it runs: ${command.join(' ')}`,
      });
    },

    forget() {
      fs.rmSync(file, { force: true });
    },
  };
}

/** A number, as `localhost` may be two addresses, of which the service listens on one. */
function upstreamText(name: ServiceName, upstream: string, port: number): string {
  return `# Where the requests of ${serviceTitle(name)} go. Written by pkg: what is changed here is lost.
upstream ${upstream} {
  server 127.0.0.1:${port};
}
`;
}

function write(file: string, text: string): void {
  if (readText(file) === text) return;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    writeDurably(file, text);
  } catch (cause) {
    throw new PkgError('traffic-failed', `cannot write ${file}: ${(cause as Error).message}`, { cause });
  }
}
