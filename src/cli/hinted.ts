import type { Cause, Event } from '../model/index.ts';
import { meantLine } from './meant-line.ts';
import { asStdin } from './stdin-archive.ts';
import { wholeLine } from './whole-line.ts';

/** What went wrong with `words`, as it is told: where nobody said what to do about this very error, the page of its code does. */
export function hinted(event: Event, words: readonly string[]): Event {
  if (event.event === 'error') return withHint(event, words);
  if (event.event !== 'result' || event.refusal === undefined) return event;
  const refusal = withHint(event.refusal, words);
  return { ...event, refusal: { ...refusal, causes: refusal.causes.map(readable) } };
}

function readable({ message, causes }: Cause): Cause {
  return { message: asStdin(message), ...(causes === undefined ? {} : { causes: causes.map(readable) }) };
}

type Wrong = { readonly code: string; readonly message: string; readonly hint?: string };

function withHint<T extends Wrong>(told: T, words: readonly string[]): T {
  const { code, message, hint = NOTHING_TO_DO.includes(code) ? undefined : `pkg explain ${code}` } = told;
  const ready = hint === undefined ? {} : { hint: asStdin(wholeLine(meantLine(hint, words), words)) };
  return { ...told, message: asStdin(message), ...ready };
}

/** Whoever said no, or pressed Ctrl-C, knows. */
const NOTHING_TO_DO: readonly string[] = ['declined', 'interrupted'];
