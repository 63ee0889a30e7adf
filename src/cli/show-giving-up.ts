import type { GivingUp } from '../operations/trial/plan-of-giving-up.ts';
import type { Context } from './command.ts';
import { showLines } from './show-lines.ts';
import { printJson } from './streams.ts';
import { noPlanJson } from './views/plan-json.ts';
import { dayAndClock } from './views/time.ts';

/** Prints what giving up a trial would undo: in the shape of a plan, as it was asked for like one. */
export async function showGivingUp(givingUp: GivingUp, context: Context): Promise<void> {
  if (context.json) printJson(context.streams, json(givingUp));
  else await showLines(lines(givingUp), context);
}

function json({ from, to, changes, steps, transaction, command, until }: GivingUp) {
  return {
    ...noPlanJson(from),
    to,
    changes,
    steps: steps.map(({ n, step: { phase, kind, summary, undo } }) => ({ n, phase, kind, summary, undo })),
    givesUp: { transaction, command, until },
  };
}

function lines({ from, to, changes, steps, transaction, command, until }: GivingUp): readonly string[] {
  const when = until === null ? '' : `, on trial until ${dayAndClock(until)}`;
  return [
    `${from === null ? '?' : `generation ${from}`} -> ${to === null ? 'an empty root' : `generation ${to}`}`,
    `gives up transaction ${transaction} (${command})${when}; undone are, in this order:`,
    ...steps.map(({ n, step }) => `  ${String(n).padStart(2)}. ${step.summary}: ${step.undo}`),
    ...changes.map(({ name, from: before, to: after }) => `  ${name}  ${before ?? 'nothing'} -> ${after ?? 'nothing'}`),
  ];
}
