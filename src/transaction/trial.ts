import { PkgError } from '../error.ts';
import { bootClock, bootId } from '../system/index.ts';

/** How long a change stays live without COMMIT, in milliseconds of the boot clock; `wallUntil` is for people. */
export type Trial = {
  readonly since: number;
  readonly until: number;
  readonly bootId: string;
  readonly wallUntil: string;
};

/** A trial that begins now. */
export function beginTrial(milliseconds: number): Trial {
  const since = bootClock();
  const wallUntil = new Date(Date.now() + milliseconds).toISOString();
  return { since, until: since + milliseconds, bootId: bootId(), wallUntil };
}

/** Milliseconds that are left of a trial; 0 when it is over. */
export function trialLeft(trial: Trial): number {
  return isOfThisBoot(trial) ? Math.max(0, trial.until - bootClock()) : 0;
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
