import type { Plan, WindowState } from '../../model/index.ts';
import { refuseOne } from '../target.ts';

/** What the check of windows needs: the moment of the decision, and how long earlier changes took. */
export type WindowFacts = {
  /** null: this root may be changed at any time. */
  readonly windows: WindowState | null;
  /** ISO. */
  readonly now: string;
  /** Bundle -> milliseconds that its last change took. */
  readonly lasted: ReadonlyMap<string, number>;
};

/** Refuses a change outside the windows of this root, or one that would outlast the open window. */
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

/** As long as the last change of any of its bundles took, and at least as long as its services are away. */
export function expectedDuration({ changes, interruption }: Plan, lasted: WindowFacts['lasted']): number {
  return Math.max(interruption, ...changes.map(({ name }) => lasted.get(name) ?? 0));
}

/** `2026-11-22 02:00 GMT` */
export function inGmt(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} GMT`;
}

/** Going back must never wait for a window. */
function isWayBack({ steps }: Plan): boolean {
  return steps.some((step) => step.kind === 'write-generation' && step.restores !== undefined);
}

function nextInWords({ next }: WindowState): string {
  return next === null ? 'no window opens any more' : `the next window, ${next.name}, opens ${inGmt(next.opens)}`;
}

function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}
