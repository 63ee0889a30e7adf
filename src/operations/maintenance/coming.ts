import path from 'node:path';
import { type PlannedTime, readPlanned } from '../../traffic/index.ts';
import { damagedTimes } from './damaged-times.ts';
import type { Scope } from './scopes.ts';

/** The planned times of a scope that are not over yet, in order. */
export function coming({ name, folder }: Scope, now: Date): readonly PlannedTime[] {
  const times = readPlanned(folder);
  if (times === 'damaged') throw damagedTimes(name, path.join(folder, 'planned.json'));
  return times.filter(({ until }) => Date.parse(until) > now.getTime());
}
