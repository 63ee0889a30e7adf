import { EXIT } from '../error.ts';
import { ask } from './ask.ts';
import { canShow } from './can-show.ts';
import type { Context } from './command.ts';
import { makeContext } from './make-context.ts';
import { GLOBAL_OPTIONS, isFileWord } from './options.ts';
import type { Surroundings } from './surroundings.ts';
import type { Opening } from './tui/home/open.ts';

/** What the whole screen is opened with: options of every command, and archives. */
export type ScreenWords = { readonly options: readonly string[]; readonly named: readonly string[] };

/** `pkg` alone, with `--root` or `--color` at most, and perhaps archives; null = the words name something to do. */
export function screenWords(words: readonly string[]): ScreenWords | null {
  const options: string[] = [];
  const named: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const [name = ''] = word.split('=');
    if (PASSED_ON.includes(name)) {
      const value = word.includes('=') ? [] : words.slice(at + 1, at + 2);
      // Without its value it is a mistake, which is told elsewhere.
      if (!word.includes('=') && value.length === 0) return null;
      options.push(word, ...value);
      at += value.length;
    } else if (isFileWord(word) && word !== '-') named.push(word);
    else return null;
  }
  return { options, named };
}

/** With every other option of every command somebody wants something else than to look. */
const PASSED_ON = GLOBAL_OPTIONS.map(({ flags }) => flags.split(' ')[0] ?? '').filter((flag) =>
  /^--(root|color)$/.test(flag),
);

/** Shows the whole screen and runs what is chosen there; null = there can be no screen. */
export async function wholeScreen(
  { options, named }: ScreenWords,
  around: Surroundings,
  run: (words: readonly string[]) => Promise<number>,
): Promise<number | null> {
  const context = makeContext(readOptions(options), options, around);
  if (!canShow(context)) return null;
  const { openHome } = await import('./tui/home/open.ts');
  const { archivesIn } = await import('../operations/choose/archives-in.ts');
  let opening: Opening = {
    tab: 'bundles',
    named,
    found: archivesIn(process.cwd()),
    options,
    picks: new Map(),
    leaveOn: around.stopWaiting,
  };
  for (;;) {
    const { words, tab, picks } = await openHome(opening, context);
    if (words.length === 0) return exitOnLeaving(around);
    const exit = await run([...options, ...words]);
    const isRefused = exit === EXIT.refused;
    const mayComeBack = around.interrupt.requested === null && (isRefused || comesBack(words));
    if (!mayComeBack || !(await wantsBack(context))) return exit;
    opening = { ...opening, tab, named: [], picks: isRefused ? picks : new Map() };
  }
}

/** As a shell says it of whoever was ended by a signal. */
function exitOnLeaving({ interrupt }: Surroundings): number {
  if (interrupt.requested === null) return EXIT.done;
  return interrupt.requested === 'SIGTERM' ? 143 : 130;
}

/** A change of what is installed is an end; who looks after services or files goes on to the next. */
function comesBack([first = '']: readonly string[]): boolean {
  return first === 'service' || first === 'config';
}

/** Ctrl-C leaves as well: how the command ended is known already. */
async function wantsBack({ streams }: Context): Promise<boolean> {
  const answer = await ask('Enter goes back to the screen, q leaves: ', streams).catch(() => null);
  return answer !== null && answer.trim() === '';
}

function readOptions(options: readonly string[]): Readonly<Record<string, string>> {
  const given: Record<string, string> = {};
  for (const [at, word] of options.entries()) {
    const [, name, value] = /^--([a-z]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name !== undefined) given[name] = value ?? options[at + 1] ?? '';
  }
  return given;
}
