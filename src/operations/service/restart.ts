import { type Launch, serviceTitle } from '../../model/index.ts';
import { launchOf, stopRecorded, withConfig } from '../../steps/index.ts';
import type { Session } from '../session.ts';
import type { Ended } from '../settled.ts';
import { bringUp, startedInWords } from './bring-up.ts';
import { changeServices, chosenServices, type Place, type ServiceOrder } from './change.ts';
import { goesOnFrom, type LiveService } from './live.ts';

/** Stops and starts services at once, with the start options of what runs; one that does not run is started. */
export function restartServices(order: ServiceOrder, session: Session): Promise<Ended> {
  return changeServices((place) => chosenServices(order, place), restart, session);
}

async function restart(service: LiveService, { layout, session, note }: Place): Promise<boolean> {
  const { name, at, record, condition } = service;
  const title = serviceTitle(name);
  if (session.dryRun) {
    note(`${title} ${at.bundle.version} would be restarted`);
    return false;
  }
  const isRunning = record !== null && condition.state === 'running';
  const { home, node } = session;
  // Everything that can be wrong is checked before the old instance is stopped.
  const declared = await launchOf(layout, at, { home, node, recorded: goesOnFrom(service) });
  const launch = await withConfig(declared, layout);
  if (record !== null && condition.state !== 'stopped') await stopRecorded(record, session);
  try {
    note(`${title} ${startedInWords(await bringUp(launch, session))}`);
  } catch (error) {
    if (isRunning && record.version !== launch.version) await goBack(record.launch, session);
    throw error;
  }
  return true;
}

/** What ran before may be another version, which works where the installed one does not. */
async function goBack(launch: Launch, session: Session): Promise<void> {
  const title = serviceTitle(launch.name);
  try {
    session.tell({ event: 'warning', message: `${title} ${startedInWords(await bringUp(launch, session))} again` });
  } catch (error) {
    const message = `${title} ${launch.version} could not be started again: ${(error as Error).message}`;
    session.tell({ event: 'warning', message });
  }
}
