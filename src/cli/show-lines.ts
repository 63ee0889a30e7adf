import { spawn } from 'node:child_process';
import type { Context } from './command.ts';
import { harmless } from './harmless.ts';
import { print } from './streams.ts';

type Reader = Pick<Context, 'streams' | 'env' | 'noInput'>;

/** Lines of data; on a terminal that they do not fit on, $PAGER shows them. */
export async function showLines(lines: readonly string[], reader: Reader): Promise<void> {
  const pager = pagerFor(lines, reader);
  if (pager !== null && (await paged(pager, lines, reader))) return;
  for (const line of lines) print(reader.streams, line);
}

function pagerFor(lines: readonly string[], { streams, env, noInput }: Reader): string | null {
  const { isTTY, rows = 0 } = streams.output;
  // A pager asks for keys, and a dumb terminal cannot go back to the line above.
  if (isTTY !== true || streams.input.isTTY !== true || noInput || (env['TERM'] ?? 'dumb') === 'dumb') return null;
  // Terminals that do not know their size say 0.
  if (lines.length < (rows || 24)) return null;
  return env['PAGER'] ?? 'less';
}

/** No such program, as a shell says it. */
const MISSING: readonly (number | null)[] = [126, 127];

/** Whether there is such a program; $PAGER may hold words: `less -S`. */
function paged(pager: string, lines: readonly string[], { env }: Reader): Promise<boolean> {
  if (pager === '') return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', pager], {
      stdio: ['pipe', 'inherit', 'ignore'],
      env: { LESS: 'FRX', ...env },
    });
    // Whoever leaves the pager has read enough.
    child.stdin.on('error', () => {});
    child.stdin.end(`${lines.map(harmless).join('\n')}\n`);
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(!MISSING.includes(code)));
  });
}
