import { discard, generationNumbers, type Layout, readPolicy } from '../../store/index.ts';
import { outcomeOf, readTransactions } from '../facts/read-transactions.ts';

/** Of generations that failed after they were live, keeps only the newest for analysis; gc deletes their bundles. */
export function forgetOlderFailures(layout: Layout): void {
  const transactions = readTransactions(layout);
  const failed = generationNumbers(layout).filter((number) => outcomeOf(number, transactions) === 'bad');
  const tagged = Object.values(readPolicy(layout).tags);
  for (const number of failed.slice(0, -1)) if (!tagged.includes(number)) discard(layout, layout.generation(number));
}
