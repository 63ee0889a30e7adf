import { PkgError } from '../error.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

// A timer of Node that is set for longer than this fires at once.
const LONGEST = 2 ** 31 - 1;

/** `'5m'`, `'30s'`, `'1500ms'`, `'1.5h'`, `'2d'` in milliseconds, rounded. */
export function parseDuration(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const milliseconds = Math.round(Number(digits) * (UNITS[unit ?? ''] ?? Number.NaN));
  if (milliseconds <= LONGEST) return milliseconds;
  throw new PkgError('usage', `'${text}' is not a duration${milliseconds > LONGEST ? ' of at most 596h' : ''}`, {
    hint: 'write a number and a unit: 1500ms, 30s, 5m, 1.5h or 2d',
  });
}
