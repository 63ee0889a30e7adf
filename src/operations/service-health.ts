import { probeOnce } from '../service/index.ts';
import { bootId, parseDuration } from '../system/index.ts';
import type { LiveService } from './service-live.ts';

/** What earlier looks have seen of a service; times in milliseconds of the monotonic clock. */
export type Health = {
  readonly pid: number | null;
  /** Looks in a row without an answer. */
  readonly failures: number;
  /** Starts in a row that did not help for long. */
  readonly starts: number;
  readonly notBefore: number;
  /** Until then it may still be on its way up. */
  readonly graceUntil: number;
};

export const FRESH: Health = { pid: null, failures: 0, starts: 0, notBefore: 0, graceUntil: 0 };

/** One look at a service: `trouble` says why it has to be started again, or null. */
export async function diagnose(
  service: LiveService,
  before: Health,
  patience: number,
): Promise<{ readonly health: Health; readonly trouble: string | null }> {
  const now = performance.now();
  const health = withPid(service, before, now);
  if (!shouldBeUp(service) || now < health.notBefore) return { health, trouble: null };
  const { record, condition } = service;
  if (record === null || condition.state !== 'running') return { health, trouble: 'died' };
  const { ready } = record.launch.service;
  // A line of a log is printed once; it says nothing about now.
  if (ready === undefined || ready.log !== undefined) return { health: well(health, now), trouble: null };
  const { answered, message } = await probeOnce(record.launch, record, 0);
  if (answered) return { health: well(health, now), trouble: null };
  if (now < health.graceUntil) return { health, trouble: null };
  const failures = health.failures + 1;
  const trouble = failures < patience ? null : `was not ready ${failures} times in a row (${message})`;
  return { health: { ...health, failures }, trouble };
}

/** The same after one more start: each that does not help makes the next wait longer. */
export function startedAgain({ starts }: Health): Health {
  const wait = Math.min(1000 * 2 ** starts, LONGEST_WAIT);
  return { ...FRESH, starts: starts + 1, notBefore: performance.now() + wait };
}

const LONGEST_WAIT = 5 * 60_000;

/** Answering for as long makes up for what was before. */
const CONVALESCENCE = 60_000;

/** Somebody else may have started it again: what was seen of the former process does not count. */
function withPid({ condition, record }: LiveService, before: Health, now: number): Health {
  if (condition.pid === null || condition.pid === before.pid) return before;
  const graceUntil = now + parseDuration(record?.launch.service.ready?.timeout ?? '30s');
  return { ...before, pid: condition.pid, failures: 0, graceUntil };
}

function well(health: Health, now: number): Health {
  const isCured = now > health.notBefore + CONVALESCENCE;
  return { ...health, failures: 0, graceUntil: 0, starts: isCured ? 0 : health.starts };
}

/** Started and not stopped since; after a boot only what is enabled. Others look after what they supervise. */
function shouldBeUp({ record, condition }: LiveService): boolean {
  if (record === null || condition.state === 'stopped' || condition.supervised) return false;
  return record.enabled || record.bootId === bootId();
}
