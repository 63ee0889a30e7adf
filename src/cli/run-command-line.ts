import { EXIT, PkgError } from '../error.ts';
import { quoted } from '../model/index.ts';
import { commands } from './commands/index.ts';
import { hinted } from './hinted.ts';
import { makeContext } from './make-context.ts';
import { parseWords } from './program.ts';
import { repeatRootIn } from './repeat-root.ts';
import { putBackDrained } from './put-back-drained.ts';
import { say } from './streams.ts';
import { rootOf, type Surroundings } from './surroundings.ts';
import { tellJson } from './views/tell-json.ts';
import { colorIn, commandPath, rootWordsIn, wantsJson } from './unparsed.ts';
import { helpFor } from './usage-error.ts';
import { tellText } from './views/tell-text.ts';
import { watchOutput } from './watch-output.ts';

/** Runs one command line and answers its exit number. Never throws. */
export async function runCommandLine(words: readonly string[], around: Surroundings): Promise<number> {
  const lossOf = watchOutput(around.streams);
  const exit = await runWords(words, around);
  const loss = await lossOf();
  return loss === null ? exit : exitWithLoss(loss, exit, words, around);
}

/** Who asked to see something has not got it; a change is what it is, whether or not it could be told. */
function exitWithLoss(loss: Error, exit: number, words: readonly string[], { streams }: Surroundings): number {
  const isChange = namesChange(words);
  say(streams, `${isChange ? 'warning' : 'error[system-failed]'}: cannot write to stdout: ${loss.message}`);
  return isChange || exit !== EXIT.done ? exit : EXIT.failed;
}

async function runWords(words: readonly string[], around: Surroundings): Promise<number> {
  try {
    const exit = around.streams.talk.isTTY === true ? await onWholeScreen(words, around) : null;
    if (exit !== null) return exit;
    if (words[0] === '__complete') return await completeWords(words.slice(1), around);
    const chosen = await parseWords(words, around.programVersion, around.streams);
    if (typeof chosen === 'number') return chosen;
    const context = makeContext(chosen.options, words, around);
    await putBackDrained(context, around.stopWaiting);
    return await chosen.command.run(chosen.words, chosen.options, context);
  } catch (error) {
    const failure = await readable(error, words, around);
    report(failure, words, around);
    // The last line of a changing command is its result, also when it never came to a change.
    if (wantsJson(words) && namesChange(words)) await reportResult(failure, words, around);
    return exitOf(failure, words);
  }
}

/** What is not there: a command that only looks has not found it, one that changes something refused to. */
function exitOf({ code, exit }: PkgError, words: readonly string[]): number {
  if (code === 'unknown-name' && namesChange(words)) return EXIT.refused;
  return code === 'no-such-generation' && !namesChange(words) && commandPath(words)[0]?.name !== 'plan'
    ? EXIT.failed
    : exit;
}

/** null = the words name a command, or there can be no screen. */
async function onWholeScreen(words: readonly string[], around: Surroundings): Promise<number | null> {
  if (words.some((word) => commands.some(({ name }) => name === word))) return null;
  const { screenWords, wholeScreen } = await import('./whole-screen.ts');
  const opening = screenWords(words);
  return opening === null ? null : wholeScreen(opening, around, (chosen) => runWords(chosen, around));
}

async function reportResult(failure: PkgError, words: readonly string[], around: Surroundings): Promise<void> {
  const { resultOfFailure } = await import('../operations/settled.ts');
  const result = resultOfFailure(failure, rootIn(words, around));
  tellJson(around.streams)(repeatRootIn(hinted(result, words), rootWordsIn(words)));
}

function namesChange(words: readonly string[]): boolean {
  // `plan` stands among the changing commands, but its answer is all there is of it.
  const [first, below = first] = commandPath(words);
  return first?.name !== 'plan' && below !== undefined && ['change', 'keep', 'run'].includes(below.group);
}

/** What the completion scripts of the shells call; it has no place among the commands for people. */
async function completeWords(words: readonly string[], around: Surroundings): Promise<number> {
  const typed = words[0] === '--' ? words.slice(1) : words;
  const { complete } = await import('./complete.ts');
  const { completionSource } = await import('./completion-source.ts');
  return complete(typed, completionSource(rootIn(typed, around)), around.streams);
}

function report(error: PkgError, words: readonly string[], { streams, env }: Surroundings): void {
  const { code, message, hint, details } = error;
  const rootWords = rootWordsIn(words);
  const look = { quiet: false, verbose: false, color: colorIn(words), rootWords };
  const tell = wantsJson(words) ? tellJson(streams) : tellText(streams, look);
  const event = hinted({ event: 'error', code, message, ...(hint === undefined ? {} : { hint }), details }, words);
  tell(repeatRootIn(event, rootWords));
  if (code !== 'internal' && env['PKG_DEBUG'] !== '1') return;
  say(streams, String(error.cause instanceof Error ? error.cause.stack : error.stack));
}

async function readable(error: unknown, words: readonly string[], around: Surroundings): Promise<PkgError> {
  if (error instanceof PkgError && error.cause === undefined) return withPage(error, words);
  const { asPkgError } = await import('../operations/settled.ts');
  const { forOwner } = await import('../operations/refuse-other-owner.ts');
  const root = rootIn(words, around);
  return forOwner(withPage(asPkgError(error, root), words), root, ['pkg', ...words.map(quoted)].join(' '));
}

/** Wrong use of a command is helped by its page. */
function withPage(error: PkgError, words: readonly string[]): PkgError {
  if (error.code !== 'usage' || error.hint !== undefined) return error;
  return new PkgError('usage', error.message, { hint: helpFor(words), details: error.details, cause: error.cause });
}

/** The root as the words name it, though they may be what is wrong. */
function rootIn(words: readonly string[], around: Surroundings): string {
  const [, root] = rootWordsIn(words);
  try {
    return rootOf({ root }, around);
  } catch {
    return root ?? '/';
  }
}
