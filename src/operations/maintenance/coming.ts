import { type PlannedTime, readPlanned } from '../../traffic/index.ts';

/** The times that are written down in a folder of marks and not over, in the order in which they were. */
export function coming(folder: string, now: Date): readonly PlannedTime[] {
  return readPlanned(folder).filter(({ until }) => Date.parse(until) > now.getTime());
}
