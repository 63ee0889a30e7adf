import { PkgError } from '../../error.ts';
import { openRoot } from '../../store/index.ts';
import { readTransactions } from '../facts/read-transactions.ts';
import type { Session } from '../session.ts';
import { type Ended, settled } from '../settled.ts';
import { giveUpTrial } from './give-up-trial.ts';
import { isPreview, openTrial } from './open-trial.ts';

/** Ends a preview: its clients see the old version again, and the new instance is gone. */
export async function abandon(session: Session): Promise<Ended> {
  const layout = openRoot(session.root);
  const seen = layout === null ? null : openTrial(readTransactions(layout));
  const ended = seen !== null && isPreview(seen) ? await giveUpTrial(session) : null;
  if (ended !== null) return ended;
  return settled(session, async () => {
    if (seen === null)
      throw new PkgError('no-trial', `nothing is in preview in ${session.root}`, { hint: 'pkg status' });
    const what = `transaction ${seen.id} (${seen.command}) is on trial, not in preview`;
    throw new PkgError('no-trial', what, { hint: 'give it up: pkg rollback' });
  });
}
