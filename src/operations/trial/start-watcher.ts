import path from 'node:path';
import type { Layout } from '../../store/index.ts';
import type { Session } from '../session.ts';
import { startDetached } from '../start-detached.ts';

/**
 * Starts the process that goes back when the time of a trial is over (watch-trial.ts). It is only needed to be on time:
 * without it, the next command goes back.
 */
export async function startWatcher(id: number, layout: Layout, session: Session): Promise<void> {
  const words = ['recover', '--root', layout.root, '--trial', String(id), '--wait'];
  const log = path.join(layout.transaction(id), 'log', 'trial.log');
  try {
    await startDetached({ words, title: `trial ${id} of ${layout.root}`, log }, session);
  } catch (error) {
    const message = `nothing watches the trial, the first pkg command after its time will end it: ${(error as Error).message}`;
    session.tell({ event: 'warning', message });
  }
}
