import { Cron } from 'croner';
import { PkgError } from '../../error.ts';
import type { Window, Windows, WindowState } from '../../model/index.ts';
import { parseDuration } from '../../system/index.ts';

/** One time that a window is open; `until` is no longer part of it. */
export type Opening = { readonly from: Date; readonly until: Date };

/** Whether a window is open at `now`, and when the next one opens. Windows without a gap between them are one. */
export function windowState(windows: Windows, now: Date): WindowState {
  const all = Object.entries(windows).map(([name, window]) => ({ name, ...readWindow(name, window) }));
  const next = all
    .flatMap(({ name, cron }) => {
      const opens = cron.nextRun(now);
      return opens === null ? [] : [{ name, opens: opens.toISOString() }];
    })
    .toSorted((a, b) => a.opens.localeCompare(b.opens));
  return { openUntil: openUntil(all, now)?.toISOString() ?? null, next: next[0] ?? null };
}

/** The openings of a window that are not over at `now`, as far as they begin before `horizon`. */
export function openings(name: string, window: Window, { now, horizon }: { now: Date; horizon: Date }): Opening[] {
  const { cron, length } = readWindow(name, window);
  const found: Opening[] = [];
  let from = cron.nextRun(new Date(now.getTime() - length));
  while (from !== null && from < horizon) {
    found.push({ from, until: new Date(from.getTime() + length) });
    from = cron.nextRun(from);
  }
  return found;
}

type Read = { readonly cron: Cron; readonly length: number };

/** Throws if a window is invalid, with a message for its author. */
export function readWindow(name: string, { cron, duration, zone }: Window): Read {
  const length = parseDuration(duration);
  if (length <= 0 || length > LONGEST) throw unusable(name, `its duration '${duration}' is not between 1s and 31d`);
  if (!isZone(zone)) throw unusable(name, `there is no time zone '${zone}'`, 'write it as Europe/Berlin, or UTC');
  try {
    const read = new Cron(cron, { timezone: zone, mode: '5-part', paused: true });
    if (read.nextRun() !== null) return { cron: read, length };
  } catch {
    throw unusable(name, `'${cron}' is not minute, hour, day, month and weekday`, "write it as '0 3 * * sun'");
  }
  throw unusable(name, `'${cron}' never comes`);
}

const LONGEST = 31 * 24 * 60 * 60 * 1000;

/** Enough openings to see that windows never close. */
const MOST_IN_A_ROW = 1_000;

function openUntil(all: readonly Read[], now: Date): Date | null {
  let end: Date | null = null;
  for (let row = 0; row < MOST_IN_A_ROW; row++) {
    const at: Date = end ?? now;
    const ends = all.flatMap((one) => endOfOpening(one, at) ?? []);
    const last = new Date(Math.max(at.getTime(), ...ends.map((date) => date.getTime())));
    if (last.getTime() === at.getTime()) return end;
    end = last;
  }
  return end;
}

/** The last opening that is open at `at`; one that ends exactly then is not. */
function endOfOpening({ cron, length }: Read, at: Date): Date | null {
  const [last] = cron.previousRuns(1, new Date(at.getTime() + 1));
  return last !== undefined && last.getTime() + length > at.getTime() ? new Date(last.getTime() + length) : null;
}

function isZone(zone: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: zone }) !== null;
  } catch {
    return false;
  }
}

function unusable(name: string, why: string, hint?: string): PkgError {
  return new PkgError('usage', `cannot use the window ${name}: ${why}`, hint === undefined ? {} : { hint });
}
