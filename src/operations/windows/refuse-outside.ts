import { type Code, PkgError } from '../../error.ts';
import type { Plan, Refusal } from '../../model/index.ts';
import { checkWindows } from '../../plan/index.ts';
import { type Layout, layoutOf, openRoot, readPolicy } from '../../store/index.ts';
import { readTransactions, type TransactionRecord } from '../facts/read-transactions.ts';

/** Throws if a plan may not be run now: outside the windows of the root, or if it would outlast the open one. */
export async function refuseOutsideWindow(plan: Plan, root: string, now: Date = new Date()): Promise<void> {
  const refusal = await windowRefusal(plan, root, now);
  if (refusal === null) return;
  const { code, message, hint, causes } = refusal;
  throw new PkgError(code as Code, message, { ...(hint === undefined ? {} : { hint }), details: { causes } });
}

/** The refusal if the plan were run now; null if it may be. */
export async function windowRefusal(plan: Plan, root: string, now: Date = new Date()): Promise<Refusal | null> {
  if (openRoot(root) === null) return null;
  const layout = layoutOf(root);
  const { windows } = readPolicy(layout);
  if (Object.keys(windows).length === 0) return null;
  // Loaded only where there are windows.
  const { windowState } = await import('./window-times.ts');
  const facts = { windows: windowState(windows, now), now: now.toISOString(), lasted: durations(layout) };
  return checkWindows(plan, facts)?.refusal ?? null;
}

/** Bundle -> milliseconds that its last committed change took. */
export function durations(layout: Layout): ReadonlyMap<string, number> {
  return new Map(readTransactions(layout).flatMap(measured));
}

/** The duration of a trial says nothing about the work. */
function measured({ plan, journal }: TransactionRecord): readonly (readonly [string, number])[] {
  const { begin, records } = journal;
  const end = records.findLast((record) => record.record === 'END');
  if (begin === null || end === undefined || !records.some(({ record }) => record === 'COMMIT')) return [];
  if (records.some(({ record }) => record === 'TRIAL')) return [];
  const took = Date.parse(end.finishedAt) - Date.parse(begin.startedAt);
  return (plan?.changes ?? []).map(({ name }) => [name, Math.max(0, took)]);
}
