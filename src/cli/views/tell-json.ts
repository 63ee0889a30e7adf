import type { Event, Tell } from '../../model/index.ts';
import { printJson, type Streams } from '../streams.ts';
import { planJson, refusalJson } from './plan-json.ts';

/** Events as JSON lines on stdout; the last one is always the result. */
export function tellJson(streams: Streams): Tell {
  return (event) => {
    printJson(streams, eventJson(event));
  };
}

/** An error has all of its keys, so that a script need not ask which are there. */
function eventJson(event: Event): object {
  switch (event.event) {
    case 'plan':
      return { event: 'plan', ...planJson(event.plan) };
    case 'error':
      return { ...event, hint: event.hint ?? null, details: event.details ?? null };
    case 'result':
      return event.refusal === undefined ? event : { ...event, refusal: refusalJson(event.refusal) };
    default:
      return event;
  }
}
