import { probeOnce } from '../../../service/index.ts';
import { bootId, parseDuration } from '../../../system/index.ts';
import type { LiveService } from '../live.ts';

/** What earlier looks at a service have found; times in milliseconds of the monotonic clock. */
export type Health = {
  readonly pid: number | null;
  /** Looks in a row without an answer. */
  readonly failures: number;
  /** Starts in a row that did not help for long. */
  readonly starts: number;
  readonly notBefore: number;
  /** Until then a service that was started here may still be starting. */
  readonly graceUntil: number;
};

export const FRESH: Health = { pid: null, failures: 0, starts: 0, notBefore: 0, graceUntil: 0 };

/** One look at a service: `trouble` says why it has to be restarted, or null. */
export async function diagnose(
  service: LiveService,
  before: Health,
  patience: number,
): Promise<{ readonly health: Health; readonly trouble: string | null }> {
  const now = performance.now();
  const health = ofPid(service, before);
  if (!shouldBeUp(service) || now < health.notBefore) return { health, trouble: null };
  const { record, condition } = service;
  if (record === null || condition.state !== 'running') return { health, trouble: 'died' };
  const { ready } = record.launch.service;
  // A line of a log is printed only once, so it says nothing about the present.
  if (ready === undefined || ready.log !== undefined) return { health: well(health, now), trouble: null };
  const { answered, message } = await probeOnce(record.launch, record, 0);
  if (answered) return { health: well(health, now), trouble: null };
  if (now < health.graceUntil) return { health, trouble: null };
  const failures = health.failures + 1;
  const trouble = failures < patience ? null : `was not ready ${failures} times in a row (${message})`;
  return { health: { ...health, failures }, trouble };
}

/** The same after one more start: each start that does not help makes the next pause longer. */
export function startedAgain({ starts }: Health, { record }: LiveService): Health {
  const now = performance.now();
  const notBefore = now + Math.min(1000 * 2 ** starts, LONGEST_WAIT);
  const graceUntil = now + parseDuration(record?.launch.service.ready?.timeout ?? '30s');
  return { ...FRESH, starts: starts + 1, notBefore, graceUntil };
}

const LONGEST_WAIT = 5 * 60_000;

/** A service that answers for this long is well again. */
const CONVALESCENCE = 60_000;

/** If somebody else has started it again until it was ready, earlier looks no longer count. */
function ofPid({ condition }: LiveService, before: Health): Health {
  const { pid } = condition;
  return pid === null || pid === before.pid ? before : { ...before, pid, failures: 0 };
}

function well(health: Health, now: number): Health {
  const isCured = now > health.notBefore + CONVALESCENCE;
  return { ...health, failures: 0, graceUntil: 0, starts: isCured ? 0 : health.starts };
}

/** Started and not stopped since; after a boot only if enabled. Services that others supervise are left to them. */
function shouldBeUp({ record, condition }: LiveService): boolean {
  if (record === null || condition.state === 'stopped' || condition.supervised) return false;
  return record.enabled || record.bootId === bootId();
}
