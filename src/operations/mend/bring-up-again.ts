import { type ServiceName, sameService, serviceTitle } from '../../model/index.ts';
import { launchOf } from '../../steps/index.ts';
import type { Layout } from '../../store/index.ts';
import { bootId } from '../../system/index.ts';
import { readCurrent } from '../facts/read-current.ts';
import { begunSteps, readTransactions } from '../facts/read-transactions.ts';
import { bringUp, startedInWords } from '../service/bring-up.ts';
import { type LiveService, liveServices } from '../service/live.ts';
import { withNeeded } from '../service/with-needed.ts';
import type { Session } from '../session.ts';
import type { Recovered } from './recover-open.ts';

/**
 * Starts what ran before changes that are undone now, was ended by a power failure and is enabled, with all that it
 * needs. The changes are undone whatever becomes of that: what does not come up is a warning.
 */
export async function bringUpAgain(
  layout: Layout,
  session: Session,
  transactions: Recovered['transactions'],
): Promise<void> {
  const touched = servicesTouched(layout, transactions);
  if (touched.length === 0) return;
  try {
    for (const service of await servicesToStart(layout, touched)) await comeUp(service, layout, session);
  } catch (error) {
    const message = `what ended with the machine was not started: ${(error as Error).message}`;
    session.tell({ event: 'warning', message });
  }
}

async function servicesToStart(layout: Layout, touched: readonly ServiceName[]): Promise<readonly LiveService[]> {
  const services = await liveServices(layout, readCurrent(layout));
  const ended = services.filter(
    (service) => endedWithTheMachine(service) && touched.some((name) => sameService(name, service.name)),
  );
  return withNeeded(ended, services);
}

function servicesTouched(layout: Layout, transactions: Recovered['transactions']): readonly ServiceName[] {
  const undone = new Set(transactions.flatMap(({ id, did }) => (did === 'undone' ? [id] : [])));
  if (undone.size === 0) return [];
  return readTransactions(layout)
    .filter(({ id }) => undone.has(id))
    .flatMap(begunSteps)
    .flatMap((step) => (step.kind === 'guard-service' ? [step.service.name] : []));
}

/**
 * systemd starts it itself where recovery runs before all services. Its pid file may name somebody else by now, who has
 * the number that it had.
 */
function endedWithTheMachine({ record, condition }: LiveService): boolean {
  if (record === null || condition.isComing || !['dead', 'foreign'].includes(condition.state)) return false;
  return record.enabled && record.bootId !== bootId();
}

async function comeUp({ name, at, record }: LiveService, layout: Layout, session: Session): Promise<void> {
  const title = serviceTitle(name);
  try {
    const launch = await launchOf(layout, at, { ...session, recorded: record });
    session.tell({ event: 'note', message: `${title} ${startedInWords(await bringUp(launch, session))}` });
  } catch (error) {
    const message = `${title} ended with the machine and did not come up again: ${(error as Error).message}`;
    session.tell({ event: 'warning', message });
  }
}
