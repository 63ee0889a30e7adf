/** What can be expected of a check, and counted in what it printed. */
export const EXPECTABLE = ['files', 'tests', 'skipped', 'warnings', 'seconds'] as const;

export type Expectable = (typeof EXPECTABLE)[number];

/** `{ tests: '>=9000 | last-1%', warnings: 0 }`: docs/checks.md#expectations. */
export type Expectations = Readonly<Partial<Record<Expectable, string | number>>>;

/** One number of a run, and that of the last good run; null if it was not counted. */
export type Measured = { readonly now: number; readonly last: number | null };

/** Whether the text can be understood: `0`, `>=9000`, `last-1%`, `<2x last`, and several with ` | ` between them. */
export function isExpectation(text: string): boolean {
  return text.split('|').every((part) => parseBound(part) !== null);
}

/** One of the bounds is enough. Those that mention a last run are ignored until there is one. */
export function meets(expected: string | number, { now, last }: Measured): boolean {
  const limits = String(expected)
    .split('|')
    .flatMap((part) => parseBound(part) ?? [])
    .flatMap((bound) => limitOf(bound, last) ?? []);
  return limits.length === 0 || limits.some(({ operator, limit }) => COMPARE[operator](now, limit));
}

type Operator = '>=' | '<=' | '>' | '<' | '=';

type Bound = {
  readonly operator: Operator;
  /** null: a number that the manifest gives, in `add`. */
  readonly timesLast: number | null;
  readonly add: number;
  readonly isPercent: boolean;
};

const BOUND = /^(>=|<=|>|<|=)?\s*(?:(\d+(?:\.\d+)?)|(?:(\d+(?:\.\d+)?)x\s+)?last(?:\s*([+-])\s*(\d+(?:\.\d+)?)(%)?)?)$/;

const COMPARE: Readonly<Record<Operator, (now: number, limit: number) => boolean>> = {
  '>=': (now, limit) => now >= limit,
  '<=': (now, limit) => now <= limit,
  '>': (now, limit) => now > limit,
  '<': (now, limit) => now < limit,
  '=': (now, limit) => now === limit,
};

function parseBound(part: string): Bound | null {
  const match = BOUND.exec(part.trim());
  if (match === null) return null;
  const [, operator, fixed, times = '1', sign, distance = '0', percent] = match;
  if (fixed !== undefined) {
    return { operator: (operator ?? '=') as Operator, timesLast: null, add: Number(fixed), isPercent: false };
  }
  return {
    operator: (operator ?? bareOperator(sign)) as Operator,
    timesLast: Number(times),
    add: sign === '-' ? -Number(distance) : Number(distance),
    isPercent: percent !== undefined,
  };
}

/** `last-1%` is as low as it may be, `last+10%` as high. */
function bareOperator(sign: string | undefined): Operator {
  if (sign === undefined) return '=';
  return sign === '-' ? '>=' : '<=';
}

function limitOf({ operator, timesLast, add, isPercent }: Bound, last: number | null) {
  if (timesLast === null) return { operator, limit: add };
  if (last === null) return null;
  const limit = timesLast * last;
  return { operator, limit: isPercent ? limit + (limit * add) / 100 : limit + add };
}
