import { layoutOf } from '../../store/index.ts';
import { type Maintenance, type PlannedTime, readMaintenance } from '../../traffic/index.ts';
import { coming } from './coming.ts';
import { knownScopes, type Scope } from './scopes.ts';

/** What is in maintenance: a bundle as `web`, one service of it as `web/server`. */
export type InMaintenance = { readonly name: string } & Maintenance;

/** A planned time of one scope. */
export type Planned = { readonly name: string } & PlannedTime;

/** What is up now, and what begins and ends by itself. */
export type ToldMaintenance = { readonly up: readonly InMaintenance[]; readonly planned: readonly Planned[] };

/** Everything that is in maintenance now, or will be. */
export function listMaintenance(root: string, now: Date = new Date()): ToldMaintenance {
  const scopes = knownScopes(layoutOf(root));
  const planned = scopes.flatMap((scope) => plannedFor(scope, now));
  const begun = planned.filter(({ from }) => Date.parse(from) <= now.getTime());
  const up = scopes.flatMap(({ name, folder }) => {
    const found = readMaintenance(folder);
    return found === null ? [] : [{ name, ...found }];
  });
  const byPlan = begun.map(({ name, from, until, message, paths }) => {
    return { name, since: from, until, message, paths, by: 'plan' } as const;
  });
  return { up: [...up, ...byPlan], planned: planned.filter((one) => !begun.includes(one)) };
}

/** Earliest first. */
function plannedFor({ name, folder }: Scope, now: Date): readonly Planned[] {
  return coming(folder, now)
    .map((time) => ({ name, ...time }))
    .toSorted((a, b) => a.from.localeCompare(b.from));
}
