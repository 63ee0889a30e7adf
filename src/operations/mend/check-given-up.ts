import { PkgError } from '../../error.ts';
import { openRoot } from '../../store/index.ts';
import { isOpen, readTransactions } from '../facts/read-transactions.ts';
import { skippable } from './skippable.ts';

/** Refuses names of nothing that an interrupted transaction still has to run: most likely mistyped. */
export function checkGivenUp(root: string, names: readonly string[]): void {
  const layout = openRoot(root);
  const open = layout === null ? [] : readTransactions(layout).filter(isOpen);
  const known = [...new Set(open.flatMap(skippable))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new PkgError(
    'usage',
    `--skip-hook ${unknown}: ${open.length === 0 ? 'no transaction is interrupted' : 'nothing that the interrupted transaction has to run has this name'}`,
    {
      hint: known.length === 0 ? 'pkg recover' : `there are: ${known.join(', ')}`,
    },
  );
}
