import { sameService, serviceTitle } from '../../model/index.ts';
import { noteStopped } from '../../service/index.ts';
import { stopRecorded } from '../../steps/index.ts';
import type { Session } from '../session.ts';
import type { Ended } from '../settled.ts';
import { changeServices, chosenServices, type Place, type ServiceOrder } from './change.ts';
import type { LiveService } from './live.ts';

/** Stops services, those that need others first; each is gone and its port free before the next. */
export function stopServices(order: ServiceOrder, session: Session): Promise<Ended> {
  return changeServices(
    (place) => {
      const chosen = chosenServices(order, place).toReversed();
      warnOfDependents(chosen, place);
      return chosen;
    },
    stop,
    session,
  );
}

/** Services that need a stopped one are left running: the operator may know that this works for a while. */
function warnOfDependents(chosen: readonly LiveService[], { services, session }: Place): void {
  for (const { name, needs, condition } of services) {
    if (condition.state !== 'running' || chosen.some((one) => sameService(one.name, name))) continue;
    for (const needed of chosen.filter((one) => needs.some((need) => sameService(need, one.name)))) {
      const message = `${serviceTitle(name)} needs ${serviceTitle(needed.name)}, and goes on running`;
      session.tell({ event: 'warning', message });
    }
  }
}

async function stop({ name, record, condition }: LiveService, { session, note }: Place): Promise<boolean> {
  const title = serviceTitle(name);
  if (record === null || condition.state === 'stopped') {
    if (record?.startFailed === true && !session.dryRun) noteStopped(record);
    note(`${title} does not run`);
    return false;
  }
  if (session.dryRun) {
    note(`${title} would be stopped (pid ${condition.pid})`);
    return false;
  }
  await stopRecorded(record, session);
  note(condition.state === 'running' ? `${title} is stopped` : `${title} was ${condition.state}; it counts as stopped`);
  return true;
}
