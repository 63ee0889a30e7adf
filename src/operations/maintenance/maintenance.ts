import { layoutOf } from '../../store/index.ts';
import { type Maintenance, readMaintenance, writeMaintenance } from '../../traffic/index.ts';
import type { Session } from '../session.ts';
import { listMaintenance, type ToldMaintenance } from './list-maintenance.ts';
import { dropPlanned, endCurrent } from './planned.ts';
import { eachScope, knownScopes, refuseBadPath, type Scope, scopesNamed } from './scopes.ts';
import { endStandIns, putStandIns } from './stand-ins.ts';
import { tellProxies } from './tell-proxies.ts';

export type MaintenanceWish = Pick<Maintenance, 'until' | 'message' | 'paths'>;

/**
 * Puts up the page of a bundle or service, of every bundle with services without a word. Where a proxy shows it this
 * takes no lock: it has to work while a change is under way, and it changes nothing that a change does.
 */
export async function startMaintenance(
  word: string | null,
  wish: MaintenanceWish,
  session: Session,
): Promise<ToldMaintenance> {
  for (const where of wish.paths) refuseBadPath(where);
  const scopes = await scopesNamed(word, session.root);
  eachScope(scopes, session, ({ folder }) => {
    const since = readMaintenance(folder)?.since ?? new Date().toISOString();
    writeMaintenance(folder, { ...wish, since, by: 'operator' });
  });
  if (wish.paths.length === 0) await putStandIns(scopes, session);
  return tellProxies(scopes, session, () => listMaintenance(session.root));
}

/** What is taken down: everything that is up, only some paths, or what is planned as well. */
export type EndWish = { readonly paths: readonly string[]; readonly planned: boolean };

/** Takes the page down again; without a word every page there is. What is planned ends only where it has begun. */
export async function endMaintenance(
  word: string | null,
  { paths, planned }: EndWish,
  session: Session,
): Promise<ToldMaintenance> {
  for (const where of paths) refuseBadPath(where);
  const scopes = word === null ? knownScopes(layoutOf(session.root)) : await scopesNamed(word, session.root);
  if (paths.length === 0) await endStandIns(scopes, session);
  eachScope(scopes, session, (scope) => {
    if (paths.length > 0) return endPaths(scope, paths);
    writeMaintenance(scope.folder, null);
    if (planned) dropPlanned(scope);
    else endCurrent(scope, new Date());
  });
  return tellProxies(scopes, session, () => listMaintenance(session.root));
}

/** A single path cannot be taken out of maintenance that covers everything. */
function endPaths({ folder }: Scope, paths: readonly string[]): void {
  const up = readMaintenance(folder);
  if (up === null || up.paths.length === 0) return;
  const left = up.paths.filter((where) => !paths.includes(where));
  writeMaintenance(folder, left.length === 0 ? null : { ...up, paths: left });
}
