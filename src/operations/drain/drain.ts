import { PkgError } from '../../error.ts';
import { type Result, serviceTitle } from '../../model/index.ts';
import { connectionsInWords, connectionsLeft, leadAgain } from '../../steps/index.ts';
import type { Layout } from '../../store/index.ts';
import { beginDrain, writeMark } from '../../traffic/index.ts';
import { readCurrent } from '../facts/read-current.ts';
import { type LiveService, liveServices } from '../service/live.ts';
import { statusesOf } from '../service/status.ts';
import { servicesNamed } from '../service/words.ts';
import type { Session } from '../session.ts';
import { type Ended, pointedNumber, settled } from '../settled.ts';
import { existingRoot } from './existing-root.ts';
import { watchDrain } from './start-drain-watcher.ts';

/**
 * Takes what a word names out of its proxy: no new requests arrive, and open ones finish. Takes no lock: it has to work
 * during a change, which leaves it drained. At `until` it comes back by itself.
 */
export function drain(word: string, until: string | null, session: Session): Promise<Ended> {
  return settled(session, async (noting) => {
    const layout = existingRoot(noting);
    const named = servicesNamed(word, await liveServices(layout, readCurrent(layout)), {
      root: noting.root,
      code: 'not-installed',
    });
    const chosen = behindProxy(word, named);
    for (const service of chosen) await takeOut(service, until, layout, noting);
    if (!noting.dryRun) for (const service of chosen) await untilQuiet(service, noting);
    return resultOf(chosen, layout, noting);
  });
}

function behindProxy(word: string, named: readonly LiveService[]): readonly LiveService[] {
  const chosen = named.filter(({ declared }) => declared.traffic !== undefined);
  if (chosen.length > 0) return chosen;
  throw new PkgError('traffic-unusable', `${word} has no proxy to be taken out of`, {
    hint: `to stop it: pkg service stop ${word}`,
  });
}

async function takeOut(service: LiveService, until: string | null, layout: Layout, session: Session): Promise<void> {
  const { name } = service;
  const time = until === null ? '' : ` until ${until}`;
  const title = serviceTitle(name);
  if (session.dryRun) return session.tell({ event: 'note', message: `${title} would be drained${time}` });
  const mark = layout.drainMark(name);
  writeMark(mark, beginDrain(name, until));
  try {
    await leadAgain(name, layout);
  } catch (error) {
    writeMark(mark, null);
    await leadAgain(name, layout).catch(() => undefined);
    throw error;
  }
  session.tell({ event: 'note', message: `${title} is drained${time}; it comes back with pkg undrain ${title}` });
  if (until !== null) await watchDrain(name, layout, session);
}

/** Waiting for the last connection does not affect the drain itself. */
async function untilQuiet({ name, record }: LiveService, session: Session): Promise<void> {
  if (record === null) return;
  const left = await connectionsLeft(record, session.stopWaiting);
  if (left === 0) return;
  session.tell({ event: 'warning', message: `${serviceTitle(name)} has ${connectionsInWords(left, record)}` });
}

async function resultOf(chosen: readonly LiveService[], layout: Layout, { root, dryRun }: Session): Promise<Result> {
  return {
    event: 'result',
    outcome: dryRun ? 'nothing-to-do' : 'committed',
    generation: pointedNumber(root),
    changes: [],
    services: statusesOf(layout, chosen),
  };
}
