import type { Event } from '../model/index.ts';

/** What went wrong as it is told: where nobody said what to do about this very error, the page of its code does. */
export function hinted(event: Event): Event {
  if (event.event === 'error') return withHint(event);
  if (event.event !== 'result' || event.refusal === undefined) return event;
  return { ...event, refusal: withHint(event.refusal) };
}

function withHint<T extends { readonly code: string; readonly hint?: string }>(told: T): T {
  if (told.hint !== undefined || NOTHING_TO_DO.includes(told.code)) return told;
  return { ...told, hint: `pkg explain ${told.code}` };
}

/** Whoever said no, or pressed Ctrl-C, knows. */
const NOTHING_TO_DO: readonly string[] = ['declined', 'interrupted'];
