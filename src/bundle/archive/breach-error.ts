import type { Breach, Rule } from './rules.ts';

/** A broken rule on its way up to the one place that knows the name of the archive. */
export class BreachError extends Error {
  override readonly name = 'BreachError';
  readonly breach: Breach;

  constructor(rule: Rule, entry: string | null, found?: string) {
    super(rule);
    this.breach = found === undefined ? { rule, entry } : { rule, entry, found };
  }
}
