import path from 'node:path';
import { type ServiceName, serviceTitle } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import type { Session } from '../session.ts';
import { startDetached } from '../start-detached.ts';

/**
 * Starts the process that puts a service back when its time is over (await-drain-end.ts). It is only needed to be on
 * time: without it, the next command puts the service back.
 */
export async function watchDrain(name: ServiceName, layout: Layout, session: Session): Promise<void> {
  const title = serviceTitle(name);
  const words = ['undrain', title, '--root', layout.root, '--when-over'];
  try {
    const log = path.join(layout.log, `${name.bundle}.${name.service}.drain.log`);
    await startDetached({ words, title: `drain of ${title} in ${layout.root}`, log }, session);
  } catch (error) {
    const message = `nothing watches the drain of ${title}, the first pkg command after its time will end it: ${(error as Error).message}`;
    session.tell({ event: 'warning', message });
  }
}
