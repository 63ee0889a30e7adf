import { PkgError } from '../../../error.ts';
import { type ConfigChange, namesOf, serviceTitle } from '../../../model/index.ts';
import { readRecord } from '../../../service/index.ts';
import { type ConfigNews, configNews, NO_NEWS } from '../../../steps/index.ts';
import type { Session } from '../../session.ts';
import type { Ended } from '../../settled.ts';
import { changeServices, chosenServices, type Place, type ServiceOrder } from '../change.ts';
import type { LiveService } from '../live.ts';
import { checkNow } from './check-now.ts';
import { configDifference } from './config-difference.ts';
import { offerRestore, restorable } from './offer-restore.ts';
import { clearOutside } from './outside-world.ts';
import { tellAndProve } from './tell-and-prove.ts';

export type ReloadOrder = ServiceOrder & {
  /** When a check or a service says no, what was loaded last is put back without a question. */
  readonly restore: boolean;
};

/**
 * Makes services read their files again: shows what has changed, has the checks of the bundle examine it before any
 * service is told, and proves afterwards that each service is healthy.
 */
export function reloadServices(order: ReloadOrder, session: Session): Promise<Ended> {
  return changeServices(
    (place) => chosenServices(order, place),
    (service, place) => reload(service, order, place),
    session,
  );
}

async function reload(found: LiveService, { restore }: ReloadOrder, place: Place): Promise<boolean> {
  const { layout, session, note } = place;
  const title = serviceTitle(found.name);
  // Another service of the same bundle, a moment ago, may have let this one read its files.
  const service = { ...found, record: readRecord(layout.runRecord(found.name)) ?? found.record };
  const news = await newsFor(service, place);
  await tellDifference(service, news, place);
  const canRestore = restorable(service, news, layout) !== null;
  const pid = refuseUnreloadable(service, { restore, canRestore });
  if (session.dryRun) {
    note(`${title} would be told to reload (pid ${pid})`);
    return false;
  }
  try {
    if (pid === null) throw new PkgError('service-failed', `${title} no longer runs`);
    await clearOutside(service.name.bundle, layout);
    await checkNow(service, place);
    const { version, pid: now } = await tellAndProve(service, news, place);
    note(`${title} ${version} has reloaded (pid ${now})`);
    return true;
  } catch (error) {
    throw await offerRestore(error, { service, news, restore }, place);
  }
}

/** A service in its own folders keeps reading what it was started with. */
function newsFor({ at, declared, record }: LiveService, { layout }: Place): Promise<ConfigNews> {
  if (record === null) return Promise.resolve(NO_NEWS);
  return configNews(record, declared.path === 'current' ? at : { ...at, generation: record.generation }, layout);
}

async function tellDifference(
  { name, record, revision, declared }: LiveService,
  news: ConfigNews,
  { layout, session, note }: Place,
): Promise<void> {
  if (record === null || revision === null) return;
  const title = serviceTitle(name);
  const loaded = record.launch.loaded?.revision ?? revision;
  if (loaded !== revision && declared.path !== 'current') {
    note(
      `${title} reads revision ${loaded} from its own folders; the installed one is loaded by: pkg service restart ${title}`,
    );
  }
  if (isNothing(news.change)) return note(`${title}: its configuration is as it was loaded`);
  const files = await configDifference(record, news, layout);
  session.tell({ event: 'config', ...name, files, settings: news.change.settings });
}

function isNothing({ files, settings }: ConfigChange): boolean {
  return namesOf(files).length + namesOf(settings).length === 0;
}

type Ways = { readonly restore: boolean; readonly canRestore: boolean };

/** The pid of what runs; null for a service that broke and is to be started with its earlier configuration. */
function refuseUnreloadable(service: LiveService, { restore, canRestore }: Ways): number | null {
  const { name, record, condition, declared } = service;
  const title = serviceTitle(name);
  if (record === null || condition.state !== 'running') {
    if (condition.state === 'dead' && restore && canRestore) return null;
    const former = canRestore ? `, or with what it had loaded before: pkg service reload ${title} --restore` : '';
    throw new PkgError('service-failed', `cannot reload ${title}: it does not run`, {
      hint: `pkg service start ${title}${former}`,
    });
  }
  if (declared.reload === undefined && declared.control === undefined) {
    throw new PkgError('service-failed', `cannot reload ${title}: it declares no reload`, {
      hint: `pkg service restart ${title}`,
    });
  }
  return condition.pid;
}
