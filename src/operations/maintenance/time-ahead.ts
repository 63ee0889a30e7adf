import { PkgError } from '../../error.ts';
import { parseDuration } from '../../system/index.ts';

/** `06:00` (the next one, local time), `30m` from now, or an ISO time, as ISO. The past is refused. */
export function timeAhead(text: string, now: Date): string {
  const time = read(text, now);
  if (Number.isNaN(time.getTime())) {
    throw new PkgError('usage', `'${text}' is not a time`, { hint: 'write 06:00, 30m or 2026-03-01T06:00Z' });
  }
  if (time > now) return time.toISOString();
  throw new PkgError('usage', `'${text}' has passed already: it is ${now.toISOString()}`, {
    hint: 'give a time that is still to come',
  });
}

function read(text: string, now: Date): Date {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hours !== undefined) return nextAt(Number(hours), Number(minutes), now);
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return new Date(text);
  if (/^\d+(\.\d+)?[a-z]+$/.test(text)) return new Date(now.getTime() + parseDuration(text));
  return new Date(Number.NaN);
}

function nextAt(hours: number, minutes: number, now: Date): Date {
  const time = new Date(now);
  time.setHours(hours, minutes, 0, 0);
  if (time <= now) time.setDate(time.getDate() + 1);
  return time;
}
