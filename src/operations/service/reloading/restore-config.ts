import path from 'node:path';
import { putCopyBack } from '../../../config/index.ts';
import { PkgError } from '../../../error.ts';
import { changedBack, type LoadedConfig, namesOf, sameService, serviceTitle } from '../../../model/index.ts';
import { type ConfigNews, configNews, launchOf, NO_NEWS } from '../../../steps/index.ts';
import { readCurrent } from '../../facts/read-current.ts';
import { bringUp, startedInWords } from '../bring-up.ts';
import type { Place } from '../change.ts';
import { type LiveService, liveServices } from '../live.ts';
import { tellAndProve } from './tell-and-prove.ts';

/**
 * Puts back what a service has loaded last; what was edited stays beside each file. Then everybody who may have read the
 * edited ones reads these again, and is seen well.
 */
export async function restoreConfig(
  service: LiveService,
  { loaded, news }: { readonly loaded: LoadedConfig; readonly news: ConfigNews },
  place: Place,
): Promise<void> {
  const { layout, note } = place;
  const { bundle } = service.name;
  const done = await putCopyBack({
    revision: layout.configRevision(bundle, loaded.revision),
    copy: layout.configCopy(bundle, loaded.copy),
    suffix: `pkg-edited-${loaded.revision}`,
    temp: path.join(layout.tmp, `restore-${bundle}`),
  });
  for (const { file, keptAs } of done) {
    const kept = keptAs === null ? '' : `; yours lies beside it as ${path.basename(keptAs)}`;
    note(`etc/${bundle}/${file} is as it was loaded${kept}`);
  }
  for (const one of await liveServices(layout, readCurrent(layout))) {
    const told = one.record?.launch.loaded?.unprovenCopy;
    const back = told === undefined ? NO_NEWS : newsBack(news, layout.configCopy(bundle, told));
    if (sameService(one.name, service.name)) await bringBack(one, back, place);
    else if (one.name.bundle === bundle) await bringAlong(one, place);
  }
}

/** The edited files are not where they were any more, but a copy was made when the service was told to read them. */
function newsBack({ change }: ConfigNews, previousDir: string): ConfigNews {
  return { change: changedBack(change), previousDir };
}

/** A service that ended because of the edit is started again. */
async function bringBack(service: LiveService, news: ConfigNews, place: Place): Promise<void> {
  const { layout, session, note } = place;
  const title = serviceTitle(service.name);
  try {
    if (service.condition.state === 'running') {
      const { pid } = await tellAndProve(service, news, place);
      note(`${title} has reloaded what it had loaded before (pid ${pid})`);
    } else {
      const { home, node } = session;
      const launch = await launchOf(layout, service.at, { home, node, recorded: service.record });
      note(`${title} ${startedInWords(await bringUp(launch, session))} again`);
    }
  } catch (error) {
    throw notWell(title, error);
  }
}

/** Services of one bundle share its files: this one may have read the edited ones a moment ago. */
async function bringAlong(service: LiveService, place: Place): Promise<void> {
  const { record, condition, at } = service;
  if (record === null || condition.state !== 'running' || record.launch.loaded === undefined) return;
  const news = await configNews(record, at, place.layout);
  if (namesOf(news.change.files).length > 0) await bringBack(service, news, place);
}

function notWell(title: string, error: unknown): unknown {
  if (!(error instanceof PkgError)) return error;
  const message = `${title} is not well with what it had loaded before either: ${error.message}`;
  return new PkgError('undo-failed', message, { hint: `pkg logs ${title}`, cause: error });
}
