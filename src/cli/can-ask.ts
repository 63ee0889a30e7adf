import type { Context } from './command.ts';

/** Whether somebody will see the plan and answer. */
export function canAsk({ yes, noInput, json, streams }: Omit<Context, 'session'>): boolean {
  return !yes && !noInput && !json && streams.input.isTTY === true && streams.talk.isTTY === true;
}
