import type { Change } from '../../model/index.ts';
import type { historyOf, Told } from '../../operations/look/history.ts';
import { dayAndClock } from './time.ts';

/** One transaction in one line. */
export function historyLine(told: Told): string {
  const { id, startedAt, outcome, command } = told;
  return `${String(id).padStart(4)}  ${dayAndClock(startedAt)}  ${way(told).padEnd(8)}  ${outcome.padEnd(14)}  ${command}`;
}

/** One transaction with everything that is known about it. */
export function transactionLines(told: ReturnType<typeof historyOf>): readonly string[] {
  const { id, command, by, startedAt, finishedAt, outcome, overrides, changes, steps, failure, logs } = told;
  return [
    `transaction ${id}  ${outcome}`,
    `command     ${command}`,
    `by          ${by}`,
    `began       ${startedAt}`,
    ...(finishedAt === null ? [] : [`ended       ${finishedAt}`]),
    `generations ${way(told)}`,
    ...changes.map((change) => `change      ${change.name} ${versions(change)}`),
    ...overrides.map((override) => `override    ${override}`),
    ...(failure === null ? [] : [`failed      ${failure.message}`]),
    ...steps.map(({ n, summary, state }) => `step ${String(n).padStart(3)}    ${state.padEnd(11)}  ${summary}`),
    ...logs.map((log) => `log         ${log}`),
  ];
}

function way({ from, to }: Told): string {
  return `${from ?? '-'} -> ${to ?? '-'}`;
}

function versions({ from, to, direction }: Change): string {
  return from === null || to === null ? `${from ?? to} (${direction})` : `${from} -> ${to} (${direction})`;
}
