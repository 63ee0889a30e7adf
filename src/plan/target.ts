import type { Code } from '../error.ts';
import type { Cause, Decision } from '../model/index.ts';
import type { Member } from './member.ts';

/** The set of members that a request leads to, before anything was checked. */
export type Target = {
  readonly kind: 'target';
  readonly members: readonly Member[];
  /** Names in the order of the command line; they come first among equals. */
  readonly requested: readonly string[];
  readonly purge: readonly string[];
  /** The generation a rollback goes back to. */
  readonly restores: number | null;
  readonly notes: readonly string[];
};

/** What a request leads to before the checks: a set of members, or an immediate answer. */
export type Choice = Target | Exclude<Decision, { kind: 'plan' }>;

type Refused = Extract<Decision, { kind: 'refusal' }>;

/** A target with what most requests leave empty. */
export function target(members: readonly Member[], requested: readonly string[], rest: Partial<Target> = {}): Target {
  return { kind: 'target', members, requested, purge: [], restores: null, notes: [], ...rest };
}

/** A refusal with every problem of one kind; the first one gives the message. */
export function refuse(code: Code, causes: readonly Cause[], hint?: string): Refused {
  const more = causes.length > 1 ? ` (and ${causes.length - 1} more)` : '';
  const message = `${causes[0]?.message ?? code}${more}`;
  return { kind: 'refusal', refusal: { code, message, causes, ...(hint === undefined ? {} : { hint }) } };
}

/** A refusal with a single problem. */
export function refuseOne(code: Code, message: string, hint?: string): Refused {
  return refuse(code, [{ message }], hint);
}
