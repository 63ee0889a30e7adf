import { PkgError } from '../error.ts';
import { makeContext } from './make-context.ts';
import { parseWords } from './program.ts';
import { printJson, say } from './streams.ts';
import { rootOf, type Surroundings } from './surroundings.ts';
import { paint } from './views/paint.ts';

/** Runs one command line and answers its exit number. Never throws. */
export async function runCommandLine(words: readonly string[], around: Surroundings): Promise<number> {
  let json = words.includes('--json');
  try {
    const chosen = await parseWords(words, around.programVersion, around.streams);
    if (typeof chosen === 'number') return chosen;
    const context = makeContext(chosen.options, words, around);
    json = context.json;
    return await chosen.command.run(chosen.words, chosen.options, context);
  } catch (error) {
    return report(await readable(error, words, around), json, around);
  }
}

function report(error: PkgError, json: boolean, { streams, env }: Surroundings): number {
  const { code, message, hint, details } = error;
  if (json) printJson(streams, { event: 'error', code, message, hint, details });
  const ink = paint(streams.talk);
  say(streams, `${ink.red('error')}${ink.dim(`[${code}]`)}: ${message}`);
  if (hint !== undefined) say(streams, `${ink.cyan('hint:')} ${hint}`);
  if (code === 'internal' || env['PKG_DEBUG'] === '1')
    say(streams, String(error.cause instanceof Error ? error.cause.stack : error.stack));
  return error.exit;
}

async function readable(error: unknown, words: readonly string[], around: Surroundings): Promise<PkgError> {
  if (error instanceof PkgError) return error;
  const { asPkgError } = await import('../operations/change.ts');
  return asPkgError(error, rootOf({ root: words[words.indexOf('--root') + 1] }, around));
}
