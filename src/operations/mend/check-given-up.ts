import { PkgError } from '../../error.ts';
import { openRoot } from '../../store/index.ts';
import { isOpen, readTransactions } from '../facts/read-transactions.ts';
import { isPreview, ongoingTrial, trialStandsInTheWay } from '../trial/open-trial.ts';
import { skippable } from './skippable.ts';

/** Refuses names of nothing that an interrupted transaction still has to run: most likely mistyped. */
export function checkGivenUp(root: string, names: readonly string[]): void {
  const layout = openRoot(root);
  const transactions = layout === null ? [] : readTransactions(layout);
  const open = transactions.filter(isOpen);
  const known = [...new Set(open.flatMap(skippable))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownName(unknown, known, open.length > 0);
  const trial = ongoingTrial(transactions);
  // What is left to run waits for its end. A preview is given up first.
  if (trial !== null && !isPreview(trial)) throw trialStandsInTheWay(trial);
}

function unknownName(name: string, known: readonly string[], isInterrupted: boolean): PkgError {
  const why = isInterrupted
    ? 'nothing that the interrupted transaction has to run has this name'
    : 'no transaction is interrupted';
  return new PkgError('usage', `--skip-hook ${name}: ${why}`, {
    hint: known.length === 0 ? 'pkg recover' : `there are: ${known.join(', ')}`,
  });
}
