import { generationNumbers, type Layout } from '../../store/index.ts';
import { isCommitted, outcomeOf, type TransactionRecord } from './read-transactions.ts';

/** Committed generations that are on disk; where somebody took all of them away, the one that the journal has as the last. */
export function committedNumbers(layout: Layout, transactions: readonly TransactionRecord[]): readonly number[] {
  const there = generationNumbers(layout).filter((number) => outcomeOf(number, transactions) === 'good');
  if (there.length > 0) return there;
  const last = transactions.findLast((record) => isCommitted(record) && record.plan !== null)?.plan;
  return last === null || last === undefined ? [] : [last.to];
}
