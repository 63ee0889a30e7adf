import { PkgError } from '../../error.ts';
import { serviceTitle } from '../../model/index.ts';
import { launchOf } from '../../steps/index.ts';
import type { Session } from '../session.ts';
import type { Ended } from '../settled.ts';
import { bringUp, startedInWords } from './bring-up.ts';
import { changeServices, chosenServices, type Place, type ServiceOrder } from './change.ts';
import { goesOnFrom, type LiveService } from './live.ts';
import { withNeeded } from './with-needed.ts';
import { oneServiceNamed } from './words.ts';

export type StartOrder = ServiceOrder & {
  /** Only those that are enabled: what init asks for after a boot. */
  readonly boot: boolean;
  /** Words to add to the command of the one service that is named; a restart keeps them. */
  readonly extraArgs: readonly string[];
};

/** Starts services, each when everything that it needs is ready; what it needs is started with it. */
export function startServices(order: StartOrder, session: Session): Promise<Ended> {
  return changeServices(
    (place) => servicesToStart(order, place),
    (service, place) => start(service, order, place),
    session,
  );
}

function servicesToStart(order: StartOrder, place: Place): readonly LiveService[] {
  if (order.extraArgs.length > 0) refuseManyOrRunning(order, place);
  const chosen = chosenServices(order, place);
  if (order.boot) return chosen.filter(({ record }) => record?.enabled === true);
  return withNeeded(chosen, place.services);
}

/** Words that no service would get are a mistake. */
function refuseManyOrRunning({ words, all }: StartOrder, { services, session }: Place): void {
  const [word = ''] = words;
  if (all || words.length !== 1) {
    throw new PkgError('usage', 'words after -- belong to one service', { hint: 'name exactly one' });
  }
  const { name, condition } = oneServiceNamed(word, services, { root: session.root, code: 'not-installed' });
  if (condition.state !== 'running') return;
  const title = serviceTitle(name);
  throw new PkgError('usage', `cannot start ${title} with other words: it already runs (pid ${condition.pid})`, {
    hint: `stop it first: pkg service stop ${title}`,
  });
}

async function start(service: LiveService, order: StartOrder, place: Place): Promise<boolean> {
  const { name, at, condition } = service;
  const { layout, session, note } = place;
  const title = serviceTitle(name);
  if (condition.state === 'running') {
    note(`${title} runs already (pid ${condition.pid})`);
    return false;
  }
  if (session.dryRun) {
    note(`${title} ${at.bundle.version} would be started`);
    return false;
  }
  const options = startOptions(service, order);
  const launch = await launchOf(layout, at, { ...session, ...options });
  note(`${title} ${startedInWords(await bringUp(launch, session, { hasNewWords: 'extraArgs' in options }))}`);
  return true;
}

/** Those given now, else those that it had. */
function startOptions(service: LiveService, { words, extraArgs }: StartOrder) {
  const { name } = service;
  const isNamed = words.some((word) => [serviceTitle(name), name.bundle, name.service].includes(word));
  return isNamed && extraArgs.length > 0 ? { extraArgs } : { recorded: goesOnFrom(service) };
}
