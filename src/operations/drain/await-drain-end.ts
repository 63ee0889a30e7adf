import { serviceTitle } from '../../model/index.ts';
import { layoutOf } from '../../store/index.ts';
import { isDrainOver } from '../../traffic/index.ts';
import { restUntilChange } from '../rest-until-change.ts';
import type { Session } from '../session.ts';
import { drainsIn } from './drains-in.ts';
import { endOverdueDrains } from './end-overdue.ts';

/** Waits until a drain was ended, or its time is over, and ends it then. */
export async function awaitDrainEnd(title: string, session: Session): Promise<void> {
  const { root, stopWaiting } = session;
  const layout = layoutOf(root);
  while (!stopWaiting.aborted) {
    const drain = drainsIn(layout).find((one) => serviceTitle(one) === title);
    if (drain === undefined) return;
    if (isDrainOver(drain)) await endOverdueDrains(session);
    const left = drain.until === null ? SLICE : Date.parse(drain.until) - Date.now();
    await restUntilChange(layout.drainMark(drain), Math.max(LEAST, Math.min(left, SLICE)), stopWaiting);
  }
}

/** The clock may be set, and timers stop while the machine sleeps, so the time is compared again and again. */
const SLICE = 10_000;

const LEAST = 250;
