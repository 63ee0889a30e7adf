import type { Layout } from '../../store/index.ts';
import { readRecurring } from './recurring.ts';
import { knownScopes } from './scopes.ts';

/** Writes the next times of recurring maintenance, as time goes by. */
export async function renewPlanned(layout: Layout, now: Date = new Date()): Promise<void> {
  for (const scope of knownScopes(layout)) {
    if (readRecurring(scope).length === 0) continue;
    // Every change comes here, but few roots need the parser of cron expressions.
    const { planNext } = await import('./planned.ts');
    await planNext(scope, now);
  }
}
