import fs from 'node:fs';
import { type ServiceName, sameService, serviceTitle } from '../../model/index.ts';
import { launchOf } from '../../steps/index.ts';
import { type Layout, transactionIds } from '../../store/index.ts';
import { bootId, writeDurably } from '../../system/index.ts';
import { readCurrent } from '../facts/read-current.ts';
import { begunSteps, readTransactions, type TransactionRecord } from '../facts/read-transactions.ts';
import { bringUp, startedInWords } from '../service/bring-up.ts';
import { type LiveService, liveServices } from '../service/live.ts';
import { byTheirTurn, leaveToTheBoot } from './by-their-turn.ts';
import { withNeeded } from '../service/with-needed.ts';
import type { Session } from '../session.ts';
import type { Recovered } from './recover-open.ts';

/**
 * Starts the enabled services that ran before the changes now undone and that a power failure ended, with all that they
 * need; those that the boot is about to start are left to it. A service that does not start is only a warning: the changes
 * are undone anyway.
 */
export async function bringUpAgain(
  layout: Layout,
  session: Session,
  transactions: Recovered['transactions'],
): Promise<void> {
  const undone = transactions.flatMap(({ id, did }) => (did === 'undone' ? [id] : []));
  const due = new Set([...undone, ...transactionIds(layout).filter((id) => fs.existsSync(layout.bringUp(id)))]);
  const touched = due.size === 0 ? [] : servicesOf(due, layout);
  if (touched.length === 0) return;
  try {
    const { now, behind } = byTheirTurn(await servicesToStart(layout, touched));
    for (const service of now) await comeUp(service, layout, session);
    // The marks stay for the recovery that comes behind them.
    if (behind.length > 0) return leaveToTheBoot(behind, session);
    for (const id of due) fs.rmSync(layout.bringUp(id), { force: true });
  } catch (error) {
    const message = `what ended with the machine was not started: ${(error as Error).message}`;
    session.tell({ event: 'warning', message });
  }
}

/** Records, before the undo, that services may have to be started, in case this call is cut short. */
export function markForBringUp(record: TransactionRecord, layout: Layout): void {
  if (servicesTouched(record).length === 0) return;
  try {
    writeDurably(layout.bringUp(record.id), '');
  } catch {
    // An undo works on a full disk, so it must not fail here; this call knows without the mark what to start.
  }
}

function servicesOf(due: ReadonlySet<number>, layout: Layout): readonly ServiceName[] {
  return readTransactions(layout)
    .filter(({ id }) => due.has(id))
    .flatMap(servicesTouched);
}

function servicesTouched(record: TransactionRecord): readonly ServiceName[] {
  return begunSteps(record).flatMap((step) => (step.kind === 'guard-service' ? [step.service.name] : []));
}

async function servicesToStart(layout: Layout, touched: readonly ServiceName[]): Promise<readonly LiveService[]> {
  const services = await liveServices(layout, readCurrent(layout));
  const ended = services.filter(
    (service) => endedWithTheMachine(service) && touched.some((name) => sameService(name, service.name)),
  );
  return withNeeded(ended, services);
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
