import { type ServiceName, serviceTitle } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import { readCurrent } from '../facts/read-current.ts';
import { liveServices } from '../service/live.ts';
import { statusesOf } from '../service/status.ts';
import { servicesNamed } from '../service/words.ts';
import type { Session } from '../session.ts';
import { type Ended, pointedNumber, settled } from '../settled.ts';
import { drainsIn } from './drains-in.ts';
import { existingRoot } from './existing-root.ts';
import { putBack } from './put-back.ts';

/** Puts what a word names back into its proxy; without a word, everything that is drained. */
export function undrain(word: string | null, session: Session): Promise<Ended> {
  return settled(session, async (noting) => {
    const layout = existingRoot(noting);
    const live = await liveServices(layout, readCurrent(layout));
    const place = { root: noting.root, code: 'not-installed' } as const;
    const meant = word === null ? null : servicesNamed(word, live, place).map(({ name }) => serviceTitle(name));
    const drained = drainsIn(layout).filter((one) => meant?.includes(serviceTitle(one)) ?? true);
    if (drained.length === 0) noting.tell({ event: 'note', message: `${word ?? 'nothing'} is not drained` });
    for (const name of drained) await putOneBack(name, layout, noting);
    const titles = drained.map(serviceTitle);
    return {
      event: 'result',
      outcome: drained.length === 0 || noting.dryRun ? 'nothing-to-do' : 'committed',
      generation: pointedNumber(noting.root),
      changes: [],
      services: statusesOf(
        layout,
        live.filter(({ name }) => titles.includes(serviceTitle(name))),
      ),
    };
  });
}

async function putOneBack(name: ServiceName, layout: Layout, session: Session): Promise<void> {
  const { dryRun, tell } = session;
  const title = serviceTitle(name);
  if (!dryRun) await putBack(name, layout, session);
  tell({
    event: 'note',
    message: dryRun ? `${title} would be put back into its proxy` : `${title} is back in its proxy`,
  });
}
