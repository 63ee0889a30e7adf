import type { Layout } from '../../store/index.ts';
import { isCommitted, readTransactions, type TransactionRecord } from '../facts/read-transactions.ts';
import { isPreview, trialOf } from '../trial/open-trial.ts';
import { unreadFolders } from './unread.ts';

/** The transaction that brought something in. */
export type Since = { readonly transaction: number; readonly command: string; readonly startedAt: string };

/** Since when a bundle is there, whatever its version; null when the transaction is no longer recorded, or not for us to read. */
export function presentSince(name: string, layout: Layout): Since | null {
  return lastChange(layout, (change) => change.name === name && change.from === null);
}

/** Since when a bundle is there in its present version. */
export function versionSince(name: string, layout: Layout): Since | null {
  return lastChange(layout, (change) => change.name === name);
}

function lastChange(
  layout: Layout,
  isIt: (change: { readonly name: string; readonly from: string | null }) => boolean,
): Since | null {
  if (unreadFolders(layout).includes(layout.transactions)) return null;
  const made = readTransactions(layout).findLast((one) => isLive(one) && (one.plan?.changes ?? []).some(isIt));
  const begin = made?.journal.begin;
  return made && begin ? { transaction: made.id, command: begin.command, startedAt: begin.startedAt } : null;
}

function isLive(record: TransactionRecord): boolean {
  const trial = trialOf(record);
  return isCommitted(record) || (trial !== null && !isPreview(trial));
}
