import { PkgError } from '../../error.ts';
import type { Window } from '../../model/index.ts';
import { minutesIn, type PlannedTime, readPlanned, refreshHaproxy, writePlanned } from '../../traffic/index.ts';
import type { Session } from '../session.ts';
import { readWindow } from '../windows/window-times.ts';
import { coming } from './coming.ts';
import { keepRecurring, type Recurring, readRecurring } from './recurring.ts';
import { eachScope, refuseBadPath, type Scope, scopesNamed } from './scopes.ts';
import { refuseUnplannable } from './stand-ins.ts';
import { MOST_MINUTES, timesOf } from './times-of.ts';

/** Plans maintenance that begins and ends once, with no pkg running then. */
export async function planOnce(word: string | null, time: PlannedTime, session: Session): Promise<readonly Scope[]> {
  for (const where of time.paths) refuseBadPath(where);
  if (Date.parse(time.until) <= Date.parse(time.from)) {
    throw new PkgError('usage', `maintenance that begins at ${time.from} cannot end at ${time.until}`);
  }
  if (minutesIn(time) > MOST_MINUTES) {
    throw new PkgError('usage', 'maintenance that is planned cannot last longer than a week');
  }
  const scopes = await scopesNamed(word, session.root);
  await refuseUnplannable(scopes, session.root);
  eachScope(scopes, session, (scope) => writePlanned(scope.folder, [...coming(scope, new Date()), time]));
  return scopes;
}

/** Plans recurring maintenance; it replaces any earlier one for the same paths. */
export async function planAgain(
  word: string | null,
  wish: Pick<Recurring, 'message' | 'paths'> & { readonly window: Window },
  session: Session,
): Promise<readonly Scope[]> {
  for (const where of wish.paths) refuseBadPath(where);
  readWindow('of this maintenance', wish.window);
  const now = new Date();
  const isSame = ({ paths }: Pick<PlannedTime, 'paths'>): boolean => paths.join() === wish.paths.join();
  const scopes = await scopesNamed(word, session.root);
  await refuseUnplannable(scopes, session.root);
  eachScope(scopes, session, (scope) => {
    const kept = coming(scope, now).filter((time) => time.again !== true || !isSame(time));
    const others = readRecurring(scope).filter((one) => !isSame(one));
    writeAhead(scope.folder, kept, { recurring: [...others, { ...wish, writtenUntil: '' }], now });
  });
  return scopes;
}

/** Writes the next times of the recurring maintenance of a scope, and removes those that are over. */
export async function planNext(scope: Scope, now: Date): Promise<void> {
  writeAhead(scope.folder, coming(scope, now), { recurring: readRecurring(scope), now });
  await refreshHaproxy(scope.folder);
}

/** Ends what has begun; later times stay planned. */
export function endCurrent({ folder }: Scope, now: Date): void {
  const times = readPlanned(folder);
  if (times === 'damaged') return;
  const later = times.filter(({ from }) => Date.parse(from) > now.getTime());
  if (later.length < times.length) writePlanned(folder, later);
}

/** Cancels everything that is planned. */
export function dropPlanned({ folder }: Scope): void {
  keepRecurring(folder, []);
  writePlanned(folder, []);
}

function writeAhead(
  folder: string,
  times: readonly PlannedTime[],
  { recurring, now }: { readonly recurring: readonly Recurring[]; readonly now: Date },
): void {
  let all = times;
  const written = recurring.map((one) => {
    const next = timesOf(one, all, now);
    all = [...all, ...next.added];
    return next.recurring;
  });
  writePlanned(folder, all);
  keepRecurring(folder, written);
}
