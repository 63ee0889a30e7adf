import { PkgError } from '../../error.ts';
import { type Layout, openRoot } from '../../store/index.ts';
import { refuseOtherOwner } from '../refuse-other-owner.ts';
import type { Session } from '../session.ts';

/** The root, for a command that takes no lock; it is not made if it does not exist. */
export function existingRoot(session: Session): Layout {
  refuseOtherOwner(session);
  const layout = openRoot(session.root);
  if (layout !== null) return layout;
  throw new PkgError('not-installed', `nothing is installed in ${session.root}`, { hint: 'pkg status' });
}
