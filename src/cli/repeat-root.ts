import { type Event, quoted, type Result } from '../model/index.ts';
import { commands } from './commands/index.ts';

/** `--root DIR` as it was typed, for the commands that an operator is told to run next; nothing where it was not. */
export type RootWords = readonly string[];

/** A text in which every command of ours names the root as well: `pkg recover` -> `pkg --root /srv recover`. */
export function repeatRoot(text: string, root: RootWords): string {
  if (root.length === 0) return text;
  return text.replaceAll(OURS, `pkg ${root.map(quoted).join(' ').replaceAll('$', '$$$$')} `);
}

/** An event with the root in everything that can be run. */
export function repeatRootIn(event: Event, root: RootWords): Event {
  if (root.length === 0) return event;
  switch (event.event) {
    case 'error':
      return event.hint === undefined ? event : { ...event, hint: repeatRoot(event.hint, root) };
    case 'warning':
    case 'note':
      return { ...event, message: repeatRoot(event.message, root) };
    case 'result':
      return repeatRootInResult(event, root);
    default:
      return event;
  }
}

function repeatRootInResult(result: Result, root: RootWords): Result {
  const { wayBack, refusal } = result;
  return {
    ...result,
    ...(wayBack === undefined ? {} : { wayBack: repeatRoot(wayBack, root) }),
    ...(refusal?.hint === undefined ? {} : { refusal: { ...refusal, hint: repeatRoot(refusal.hint, root) } }),
  };
}

// What stands in brackets was typed by somebody, and is told as it was; what names a root already, names that one.
const OURS = new RegExp(
  `(?<!\\()\\bpkg (?=(?:${commands.map(({ name }) => name).join('|')})\\b)(?![^\\n]* --root\\b)`,
  'g',
);
