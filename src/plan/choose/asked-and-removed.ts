import { type Choice, refuse } from '../target.ts';

/** A refusal if one request both installs and removes a bundle, else null. */
export function askedAndRemoved(requested: readonly string[], remove: readonly string[]): Choice | null {
  const both = [...new Set(requested)].filter((name) => remove.includes(name));
  if (both.length === 0) return null;
  const causes = both.map((name) => ({ message: `${name} is to be installed and to be removed` }));
  return refuse('usage', causes, 'leave out one of the two');
}
