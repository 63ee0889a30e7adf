import { PkgError } from '../../error.ts';
import { layoutOf } from '../../store/index.ts';
import { type Maintenance, type PlannedTime, readMaintenance } from '../../traffic/index.ts';
import { coming } from './coming.ts';
import { readRecurring } from './recurring.ts';
import { knownScopes, type Scope } from './scopes.ts';

/** What is in maintenance: a bundle as `web`, one service of it as `web/server`. */
export type InMaintenance = { readonly name: string } & Maintenance;

/** A planned time of one scope. */
export type Planned = { readonly name: string } & PlannedTime;

/** What is up now, what begins and ends by itself, and where that cannot be read. */
export type ToldMaintenance = {
  readonly up: readonly InMaintenance[];
  readonly planned: readonly Planned[];
  readonly damaged: readonly PkgError[];
};

/** Everything that is in maintenance now, or will be. */
export function listMaintenance(root: string, now: Date = new Date()): ToldMaintenance {
  const scopes = knownScopes(layoutOf(root));
  const times = scopes.map((scope) => readable(scope, now));
  const planned = times.flatMap((one) => (one instanceof PkgError ? [] : one));
  const begun = planned.filter(({ from }) => Date.parse(from) <= now.getTime());
  const up = scopes.flatMap(({ name, folder }) => {
    const found = readMaintenance(folder);
    return found === null ? [] : [{ name, ...found }];
  });
  const byPlan = begun.map(({ name, from, until, message, paths }) => {
    return { name, since: from, until, message, paths, by: 'plan' } as const;
  });
  return {
    up: [...up, ...byPlan],
    planned: planned.filter((one) => !begun.includes(one)),
    damaged: times.filter((one) => one instanceof PkgError),
  };
}

function readable(scope: Scope, now: Date): readonly Planned[] | PkgError {
  try {
    readRecurring(scope);
    return plannedFor(scope, now);
  } catch (error) {
    if (error instanceof PkgError) return error;
    throw error;
  }
}

/** Earliest first. */
function plannedFor(scope: Scope, now: Date): readonly Planned[] {
  return coming(scope, now)
    .map((time) => ({ name: scope.name, ...time }))
    .toSorted((a, b) => a.from.localeCompare(b.from));
}
