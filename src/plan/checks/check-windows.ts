import type { Plan, WindowState } from '../../model/index.ts';
import { refuseOne } from '../target.ts';

/** The moment of a decision, and what was learned from changes before: all that windows are about. */
export type WindowFacts = {
  /** null: this root may be changed at any time. */
  readonly windows: WindowState | null;
  /** ISO. */
  readonly now: string;
  /** Bundle -> milliseconds that its last change took. */
  readonly lasted: ReadonlyMap<string, number>;
};

/** Refuses what is asked for outside of the windows of this root, or would outlast the open one. */
export function checkWindows(plan: Plan, facts: WindowFacts): ReturnType<typeof refuseOne> | null {
  const { windows, now } = facts;
  if (windows === null || isWayBack(plan) || plan.overrides.includes('ignore-window')) return null;
  const { openUntil } = windows;
  const hint = `${nextInWords(windows)}; if it cannot wait: --ignore-window`;
  if (openUntil === null) return refuseOne('window', 'this root may not be changed now: no window is open', hint);
  const left = Date.parse(openUntil) - Date.parse(now);
  const takes = expectedDuration(plan, facts.lasted);
  if (takes <= left) return null;
  const about = `the change takes about ${seconds(takes)} s`;
  return refuseOne('window', `${about}, but the window closes in ${seconds(left)} s, at ${inGmt(openUntil)}`, hint);
}

/** As long as the longest last change of one of its bundles, and no less than what runs is away. */
export function expectedDuration({ changes, interruption }: Plan, lasted: WindowFacts['lasted']): number {
  return Math.max(interruption, ...changes.map(({ name }) => lasted.get(name) ?? 0));
}

/** `2026-11-22 02:00 GMT` */
export function inGmt(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} GMT`;
}

/** Whoever has to go back must not wait for the night. */
function isWayBack({ steps }: Plan): boolean {
  return steps.some((step) => step.kind === 'write-generation' && step.restores !== undefined);
}

function nextInWords({ next }: WindowState): string {
  return next === null ? 'no window opens any more' : `the next window, ${next.name}, opens ${inGmt(next.opens)}`;
}

function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}
