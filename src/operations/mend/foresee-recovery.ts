import { isIdentityLost, type Layout, layoutOf, openRoot, readPointer } from '../../store/index.ts';
import { findRecord, liveNumber } from '../facts/generation-record.ts';
import {
  isCommitted,
  isOpen,
  isToBeUndone,
  readTransactions,
  type TransactionRecord,
} from '../facts/read-transactions.ts';
import { isPreview, type OpenTrial, ongoingTrial } from '../trial/open-trial.ts';
import type { Recovered } from './recover-open.ts';
import { waitingCleaning } from './waiting-cleaning.ts';

/** What recovery would do. Changes nothing, takes no lock, and cannot know how an undo would end. */
export function foreseeRecovery(root: string): Recovered {
  const layout = isIdentityLost(layoutOf(root)) === false ? openRoot(root) : layoutOf(root);
  if (layout === null) return { transactions: [], trial: null, repointed: null, restored: null };
  const records = readTransactions(layout);
  const open = ongoingTrial(records);
  // It gives up a preview.
  const trial = open !== null && isPreview(open) ? null : open;
  const goesBack = (record: TransactionRecord) => (record.id === open?.id ? trial === null : isToBeUndone(record));
  const undone = records.filter(goesBack).toReversed().map(foresee);
  const transactions = [...undone, ...foreseeCleaning(records, trial)];
  return { transactions, trial, ...foreseePointer(layout) };
}

function foreseeCleaning(records: readonly TransactionRecord[], trial: OpenTrial | null): Recovered['transactions'] {
  if (trial !== null) return waitingCleaning(records, trial);
  return records.filter((record) => isOpen(record) && isCommitted(record)).map(foresee);
}

function foresee({ id, journal }: TransactionRecord): Recovered['transactions'][number] {
  const { begin, state } = journal;
  const did = state.kind === 'committed' ? 'finished' : 'undone';
  return { id, command: begin?.command ?? '', did, wasTrial: state.kind === 'trial', left: [] };
}

function foreseePointer(layout: Layout): Pick<Recovered, 'repointed' | 'restored'> {
  const pointer = readPointer(layout);
  const live = liveNumber(layout);
  if (live === null) return { repointed: null, restored: null };
  if (pointer.kind !== 'generation' || pointer.number !== live) return { repointed: live, restored: null };
  return { repointed: null, restored: findRecord(layout, live)?.state === 'whole' ? null : live };
}
