import type { Result } from '../../model/index.ts';

/** What to look at after a change that did not succeed; null where nothing happened that could be looked at. */
export function nextWords({ outcome, transaction }: Result): string | null {
  if (transaction === undefined || (outcome !== 'undone' && outcome !== 'needs-recovery')) return null;
  return `every step: pkg history ${transaction}; what they printed: pkg logs --transaction ${transaction}`;
}
