import type { Tell } from '../../model/index.ts';
import { printJson, type Streams } from '../streams.ts';
import { planJson } from './plan-json.ts';

/** Events as JSON lines on stdout; the last one is always the result. */
export function tellJson(streams: Streams): Tell {
  return (event) => {
    printJson(streams, event.event === 'plan' ? { event: 'plan', ...planJson(event.plan) } : event);
  };
}
