import { PkgError } from '../../error.ts';
import { dataLosses, deletableInWords, type Plan } from '../../model/index.ts';
import type { Session } from '../session.ts';

/** Data is only deleted for good after its bundle was named: in advance, or typed now. */
export async function acceptLoss(plan: Plan, session: Session): Promise<void> {
  for (const { name, lost } of dataLosses(plan)) {
    const what = lost.map(deletableInWords).join(', ');
    const typed = await session.askName(name, `${what} will be deleted for good`);
    if (typed === null) throw nobodyNamed(name, what);
    if (typed.trim() !== name) throw new PkgError('declined', `'${name}' was not typed: its data stays`);
  }
}

function nobodyNamed(name: string, what: string): PkgError {
  return new PkgError('data-loss', `${what} would be deleted for good`, {
    hint: `without --purge it stays; if that is meant: --accept-data-loss ${name}`,
  });
}
