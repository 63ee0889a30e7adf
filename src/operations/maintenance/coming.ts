import { type PlannedTime, readPlanned } from '../../traffic/index.ts';

/** The planned times in a folder of marks that are not over yet, in order. */
export function coming(folder: string, now: Date): readonly PlannedTime[] {
  return readPlanned(folder).filter(({ until }) => Date.parse(until) > now.getTime());
}
