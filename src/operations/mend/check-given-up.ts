import { PkgError } from '../../error.ts';
import { undoNames } from '../../model/index.ts';
import { openRoot } from '../../store/index.ts';
import { begunSteps, isOpen, readTransactions } from '../facts/read-transactions.ts';

/** Refuses names that no undo of an interrupted transaction has: most likely a slip of the pen. */
export function checkGivenUp(root: string, names: readonly string[]): void {
  const layout = openRoot(root);
  const open = layout === null ? [] : readTransactions(layout).filter(isOpen);
  const known = [...new Set(open.flatMap((record) => begunSteps(record).flatMap(undoNames)))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new PkgError(
    'usage',
    `--skip-hook ${unknown}: ${open.length === 0 ? 'no transaction is interrupted' : 'no undo of the interrupted transaction has this name'}`,
    {
      hint: known.length === 0 ? 'pkg recover' : `there are: ${known.join(', ')}`,
    },
  );
}
