import { PkgError } from '../error.ts';
import { bootClock, bootId } from '../system/index.ts';

/** How long a change stays live without COMMIT, in milliseconds of the boot clock; `wallUntil` is for people. */
export type Trial = {
  readonly since: number;
  /** null: until somebody ends it, or the machine is restarted. */
  readonly until: number | null;
  readonly bootId: string;
  readonly wallUntil: string | null;
  /** A preview: the steps from this number on are done when it is published. */
  readonly waitsFrom?: number;
};

/** A trial that begins now. */
export function beginTrial(milliseconds: number | null, waitsFrom: number | null): Trial {
  const since = bootClock();
  const until = milliseconds === null ? null : since + milliseconds;
  const wallUntil = milliseconds === null ? null : new Date(Date.now() + milliseconds).toISOString();
  return { since, until, bootId: bootId(), wallUntil, ...(waitsFrom === null ? {} : { waitsFrom }) };
}

/** Milliseconds that are left of a trial; 0 when it is over. */
export function trialLeft(trial: Trial): number {
  if (!isOfThisBoot(trial)) return 0;
  return trial.until === null ? Number.POSITIVE_INFINITY : Math.max(0, trial.until - bootClock());
}

/** The error that goes into the journal of a trial that is over. */
export function trialOver(trial: Trial): PkgError {
  return trialEnded(isOfThisBoot(trial) ? 'its time was over' : 'the machine was restarted');
}

/** The error that goes into the journal of a trial that ended without COMMIT. */
export function trialEnded(reason: string): PkgError {
  return new PkgError('trial-over', `the trial was not committed: ${reason}`);
}

/** In a container the id may be that of the machine below, while the clock begins again with each start. */
function isOfThisBoot(trial: Trial): boolean {
  return trial.bootId === bootId() && trial.since <= bootClock();
}
