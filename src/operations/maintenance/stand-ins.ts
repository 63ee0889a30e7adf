import fs from 'node:fs';
import { PkgError } from '../../error.ts';
import { serviceTitle } from '../../model/index.ts';
import { endStandIn, launchOf, startStandIn, stopRecorded } from '../../steps/index.ts';
import { type Layout, layoutOf, openRoot } from '../../store/index.ts';
import { readCurrent } from '../facts/read-current.ts';
import { bringUp } from '../service/bring-up.ts';
import { type LiveService, liveServices } from '../service/live.ts';
import type { Session } from '../session.ts';
import { withLock } from '../with-lock.ts';
import type { Scope } from './scopes.ts';

/**
 * Services without a proxy that say what stands in for them make room for it, those that need others first. They are
 * stopped, so this takes the lock; where there are none it does not.
 */
export async function putStandIns(scopes: readonly Scope[], session: Session): Promise<void> {
  const canGo = ({ declared, condition }: LiveService): boolean =>
    declared.maintenance !== undefined && condition.state === 'running';
  await eachService(scopes, canGo, { ...session, lastFirst: true }, async (service, layout) => {
    const title = serviceTitle(service.name);
    if (service.record === null) return;
    await stopRecorded(service.record, session);
    try {
      const { pid } = await startStandIn(service.at, { ...session, layout, interruptHooks: () => session.stopWaiting });
      session.tell({ event: 'note', message: `${title} is stopped; in its place answers pid ${pid}` });
    } catch (error) {
      await endStandIn(service.name, layout, session);
      await startAgain(service, layout, session);
      throw error;
    }
  });
}

/** Ends stand-ins and starts the services they stood in for, in the order in which they need each other. */
export async function endStandIns(scopes: readonly Scope[], session: Session): Promise<void> {
  const layoutOfRoot = layoutOf(session.root);
  const isAway = ({ name }: LiveService): boolean => fs.existsSync(layoutOfRoot.besideRecord(name, 'maintenance'));
  await eachService(scopes, isAway, session, async (service, layout) => {
    await endStandIn(service.name, layout, session);
    await startAgain(service, layout, session);
    session.tell({ event: 'note', message: `${serviceTitle(service.name)} runs again` });
  });
}

/** Planned maintenance needs a proxy to begin and end it. */
export async function refuseUnplannable(scopes: readonly Scope[], root: string): Promise<void> {
  const services = await servicesIn(scopes, layoutOf(root));
  const alone = services.find(({ declared }) => declared.maintenance !== undefined && declared.traffic === undefined);
  if (alone === undefined) return;
  const title = serviceTitle(alone.name);
  throw new PkgError('usage', `cannot plan maintenance of ${title}: no proxy is in front of it that could begin it`, {
    hint: `let a timer of the machine call: pkg maintenance on ${title}`,
  });
}

async function eachService(
  scopes: readonly Scope[],
  isMeant: (service: LiveService) => boolean,
  { lastFirst = false, ...session }: Session & { readonly lastFirst?: boolean },
  act: (service: LiveService, layout: Layout) => Promise<void>,
): Promise<void> {
  if (session.dryRun || openRoot(session.root) === null) return;
  const meant = async (layout: Layout) => (await servicesIn(scopes, layout)).filter(isMeant);
  if ((await meant(layoutOf(session.root))).length === 0) return;
  await withLock(session, async (layout) => {
    const services = await meant(layout);
    for (const service of lastFirst ? services.toReversed() : services) await act(service, layout);
  });
}

async function servicesIn(scopes: readonly Scope[], layout: Layout): Promise<readonly LiveService[]> {
  const names = new Set(scopes.map(({ name }) => name));
  const services = await liveServices(layout, readCurrent(layout));
  return services.filter(({ name }) => names.has(name.bundle) || names.has(serviceTitle(name)));
}

/** With the words and the port that it had. */
async function startAgain({ at, record }: LiveService, layout: Layout, session: Session): Promise<void> {
  await bringUp(await launchOf(layout, at, { ...session, recorded: record }), session);
}
