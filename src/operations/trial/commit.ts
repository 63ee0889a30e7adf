import { commitTrial } from '../../transaction/index.ts';
import type { Session } from '../session.ts';
import type { Ended } from '../settled.ts';
import { keepTrial } from './keep-trial.ts';

/** Keeps the change that is on trial: from now on only a rollback goes back. */
export function commit(session: Session): Promise<Ended> {
  return keepTrial({ kind: 'trial', finish: (order) => commitTrial(order) }, session);
}
