import type { ServiceName } from '../../model/index.ts';
import { isRunning, leadAgain, untilArrived } from '../../steps/index.ts';
import type { Layout } from '../../store/index.ts';
import { readDrain, writeMark } from '../../traffic/index.ts';
import type { Session } from '../session.ts';

/**
 * Ends a drain, and sees requests arrive. Until then the mark stays, as one whose time is over, so that the next command
 * tries again.
 */
export async function putBack(
  name: ServiceName,
  layout: Layout,
  session: Pick<Session, 'tell' | 'stopWaiting'>,
): Promise<void> {
  const { tell, stopWaiting } = session;
  const file = layout.drainMark(name);
  const mark = readDrain(file);
  if (mark === null) return;
  writeMark(file, { ...mark, until: mark.since });
  const record = await leadAgain(name, layout);
  // After a boot it comes up later, like everything else.
  if (record !== null && (await isRunning(record)))
    await untilArrived(record, { tell, interruptHooks: () => stopWaiting });
  writeMark(file, null);
}
