import { serviceTitle } from '../../model/index.ts';
import { layoutOf } from '../../store/index.ts';
import { isDrainOver } from '../../traffic/index.ts';
import type { Session } from '../session.ts';
import { drainsIn } from './drains-in.ts';
import { putBack } from './put-back.ts';

/** What is used of whoever comes by. */
type Overdue = Pick<Session, 'root' | 'tell' | 'stopWaiting'>;

/** Puts back what should already be back: its time is over and nobody watched, or the machine was restarted. */
export async function endOverdueDrains({ root, tell, stopWaiting }: Overdue): Promise<void> {
  const layout = layoutOf(root);
  for (const drain of drainsIn(layout).filter(isDrainOver)) {
    const title = serviceTitle(drain);
    try {
      await putBack(drain, layout, { tell, stopWaiting });
      tell({ event: 'note', message: `the drain of ${title} was over; it is back in its proxy` });
    } catch (error) {
      tell({ event: 'warning', message: `the drain of ${title} is over, but: ${(error as Error).message}` });
    }
  }
}
