import { minutesIn, type PlannedTime } from '../../traffic/index.ts';
import { openings } from '../windows/window-times.ts';
import type { Recurring } from './recurring.ts';

/** The most minutes that are written for one scope: each is a link in a folder. */
export const MOST_MINUTES = 10_000;

const HORIZON_DAYS = 100;

/** Each time is a folder with pages of its own. */
const MOST_TIMES = 60;

/** The next times, as far ahead as there is room beside `times`, and how far that is. */
export function timesOf(
  one: Recurring,
  times: readonly PlannedTime[],
  now: Date,
): { readonly added: readonly PlannedTime[]; readonly recurring: Recurring } {
  const { window, message, paths } = one;
  const horizon = new Date(now.getTime() + HORIZON_DAYS * 86_400_000);
  let room = MOST_MINUTES - times.reduce((sum, time) => sum + minutesIn(time), 0);
  const added: PlannedTime[] = [];
  for (const { from, until } of openings('of this maintenance', window, { now, horizon })) {
    if (from.toISOString() < one.writtenUntil) continue;
    const time = { from: from.toISOString(), until: until.toISOString(), message, paths, again: true } as const;
    room -= minutesIn(time);
    if (room < 0 || times.length + added.length === MOST_TIMES)
      return { added, recurring: { ...one, writtenUntil: time.from } };
    added.push(time);
  }
  return { added, recurring: { ...one, writtenUntil: horizon.toISOString() } };
}
