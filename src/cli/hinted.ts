import type { Event } from '../model/index.ts';
import { asStdin } from './stdin-archive.ts';

/** What went wrong as it is told: where nobody said what to do about this very error, the page of its code does. */
export function hinted(event: Event): Event {
  if (event.event === 'error') return withHint(event);
  if (event.event !== 'result' || event.refusal === undefined) return event;
  return { ...event, refusal: withHint(event.refusal) };
}

function withHint<T extends { readonly code: string; readonly message: string; readonly hint?: string }>(told: T): T {
  const { code, message, hint = NOTHING_TO_DO.includes(code) ? undefined : `pkg explain ${code}` } = told;
  return { ...told, message: asStdin(message), ...(hint === undefined ? {} : { hint: asStdin(hint) }) };
}

/** Whoever said no, or pressed Ctrl-C, knows. */
const NOTHING_TO_DO: readonly string[] = ['declined', 'interrupted'];
