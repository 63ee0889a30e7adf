import { type Choice, refuse } from '../target.ts';

/** A refusal when a bundle is asked for and to be removed in one request, else null: one of the two cannot be meant. */
export function askedAndRemoved(requested: readonly string[], remove: readonly string[]): Choice | null {
  const both = [...new Set(requested)].filter((name) => remove.includes(name));
  if (both.length === 0) return null;
  const causes = both.map((name) => ({ message: `${name} is asked for and to be removed` }));
  return refuse('usage', causes, 'leave out one of the two');
}
