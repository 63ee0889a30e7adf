import { cleaningLeft, type TransactionRecord } from '../facts/read-transactions.ts';
import { isPreview, type OpenTrial } from '../trial/open-trial.ts';
import type { Recovered } from './recover-open.ts';

/**
 * What is left alone while something is on trial or in preview. Only its end shows whether a purge is still due: what
 * is live until then may go again, and what is not live yet may come.
 */
export function waitingCleaning(records: readonly TransactionRecord[], trial: OpenTrial): Recovered['transactions'] {
  const reason = `it waits until transaction ${trial.id} is no longer ${isPreview(trial) ? 'in preview' : 'on trial'}`;
  return records.flatMap((record) => {
    const left = cleaningLeft(record).map(({ summary }) => ({ summary, reason }));
    const command = record.journal.begin?.command ?? '';
    return left.length === 0 ? [] : [{ id: record.id, command, did: 'uncleaned', wasTrial: false, left }];
  });
}
