import { PkgError } from '../error.ts';
import { commands } from './commands/index.ts';
import { makeContext } from './make-context.ts';
import { parseWords } from './program.ts';
import { printJson, say } from './streams.ts';
import { rootOf, type Surroundings } from './surroundings.ts';
import { paint } from './views/paint.ts';

/** Runs one command line and answers its exit number. Never throws. */
export async function runCommandLine(words: readonly string[], around: Surroundings): Promise<number> {
  const json = words.includes('--json');
  try {
    const chosen = await parseWords(words, around.programVersion, around.streams);
    if (typeof chosen === 'number') return chosen;
    return await chosen.command.run(chosen.words, chosen.options, makeContext(chosen.options, words, around));
  } catch (error) {
    const failure = await readable(error, words, around);
    report(failure, json, around);
    // The last line of a changing command is its result, also when it never came to a change.
    if (json && namesChange(words))
      printJson(around.streams, { event: 'result', outcome: 'refused', generation: null, changes: [] });
    return failure.exit;
  }
}

function namesChange(words: readonly string[]): boolean {
  return commands.some(({ name, group }) => group === 'change' && words.includes(name));
}

function report(error: PkgError, json: boolean, { streams, env }: Surroundings): void {
  const { code, message, hint, details } = error;
  if (json) printJson(streams, { event: 'error', code, message, hint, details });
  const ink = paint(streams.talk);
  say(streams, `${ink.red('error')}${ink.dim(`[${code}]`)}: ${message}`);
  if (hint !== undefined) say(streams, `${ink.cyan('hint:')} ${hint}`);
  if (code === 'internal' || env['PKG_DEBUG'] === '1')
    say(streams, String(error.cause instanceof Error ? error.cause.stack : error.stack));
}

async function readable(error: unknown, words: readonly string[], around: Surroundings): Promise<PkgError> {
  if (error instanceof PkgError) return error;
  const { asPkgError } = await import('../operations/change.ts');
  return asPkgError(error, rootOf({ root: words[words.indexOf('--root') + 1] }, around));
}
