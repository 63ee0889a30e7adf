import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../error.ts';
import { type ServiceName, serviceTitle, type TrafficWay } from '../model/index.ts';
import { readText, writeDurably } from '../system/index.ts';
import type { Aim } from './aim.ts';
import { upstreamText, variableOf } from './nginx-upstream.ts';
import { PROXY_IS_DOWN } from './proxy-is-down.ts';
import type { Proxy } from './proxy-of.ts';
import { runProxy } from './run-proxy.ts';

/** nginx, by a file of its configuration that holds its `upstream` blocks and nothing else. */
export function nginx(name: ServiceName, { file = '', upstream: named, command = ['nginx'] }: TrafficWay): Proxy {
  const upstream = named ?? `${name.bundle}-${name.service}`;
  const textFor = (aim: Aim): string => upstreamText(name, upstream, aim);

  /** nginx reads every file for this, so a mistake in any of them is found before the running one is told. */
  async function readConfiguration(how: '-t' | '-T'): Promise<string> {
    const { ok, said, out } = await runProxy([...command, how]);
    if (ok) return out;
    throw new PkgError('traffic-failed', `cannot move the traffic of ${serviceTitle(name)}: nginx refuses: ${said}`, {
      hint: `fix its configuration; to see all it says: ${command.join(' ')} -t`,
    });
  }

  return {
    file,

    async refuseUnusable() {
      await readConfiguration('-t');
    },

    async refuseUnpreviewable() {
      const variable = variableOf(upstream);
      const isAsked = new RegExp(String.raw`_pass\s+[^;]*\$\{?${variable.slice(1)}\b`).test(
        await readConfiguration('-T'),
      );
      if (isAsked) return;
      throw new PkgError(
        'traffic-failed',
        `cannot preview ${serviceTitle(name)}: its nginx sends everybody the same way`,
        {
          hint: `make it choose by client: proxy_pass http://${variable};`,
        },
      );
    },

    leadsTo: (aim) => readText(file) === textFor(aim),

    async lead(aim) {
      write(file, textFor(aim));
      await readConfiguration('-t');
      const { ok, said } = await runProxy([...command, '-s', 'reload']);
      if (ok) return;
      throw new PkgError('traffic-failed', `cannot reload the nginx in front of ${serviceTitle(name)}: ${said}`, {
        hint: `see that it runs: ${command.join(' ')}`,
        ...(SAYS_NONE.test(said) && { details: PROXY_IS_DOWN }),
      });
    },

    // An upstream without `keepalive` closes a connection with its request.
    idleAt: async () => 0,

    forget() {
      fs.rmSync(file, { force: true });
    },
  };
}

/** What nginx prints if none is running: its pid file is empty, missing, or of an earlier process. */
const SAYS_NONE = /invalid PID number ""|\(2: No such file|\(3: No such process/;

function write(file: string, text: string): void {
  if (readText(file) === text) return;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    writeDurably(file, text);
  } catch (cause) {
    throw new PkgError('traffic-failed', `cannot write ${file}: ${(cause as Error).message}`, { cause });
  }
}
