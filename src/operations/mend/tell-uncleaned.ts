import type { Failure } from '../../transaction/index.ts';
import type { Session } from '../session.ts';

/** What could not be cleaned up after COMMIT, as warnings, because the change is final. */
export function tellUncleaned(uncleaned: readonly Failure[], { tell }: Pick<Session, 'tell'>): void {
  for (const { n, error } of uncleaned) {
    tell({ event: 'warning', message: n === null ? error.message : `not cleaned up: ${error.message}` });
  }
}
