import type { Failure } from '../../transaction/index.ts';
import type { Session } from '../session.ts';

/** What could not be cleaned up after COMMIT, as warnings: the change is final all the same. */
export function tellUncleaned(uncleaned: readonly Failure[], { tell }: Pick<Session, 'tell'>): void {
  for (const { n, error } of uncleaned) {
    tell({ event: 'warning', message: n === null ? error.message : `not cleaned up: ${error.message}` });
  }
}
