import type { UpgradeClass } from '../../model/index.ts';
import { heaviest } from '../paths/class.ts';
import type { Action, Leg, Touch } from './leg.ts';
import { touchesOf } from './services/touch.ts';

/** Until something was measured. */
const USUAL_START_MS = 1_000;

const CLASS_OF: Readonly<Record<Action, UpgradeClass>> = {
  none: 'none',
  hot: 'hot',
  reload: 'reload',
  replace: 'replace',
  restart: 'restart',
  'stop-start': 'stop-migrate-start',
  start: 'none',
  stop: 'none',
};

/** The hardest thing that happens to a running service of each bundle; bundles not named disturb nothing. */
export function classesOf(legs: readonly Leg[]): ReadonlyMap<string, UpgradeClass> {
  const touched = legs.flatMap((leg) =>
    touchesOf(leg)
      .filter(({ running }) => running !== null)
      .map((touch) => ({ name: touch.name.bundle, class: classOf(touch, leg) })),
  );
  const byBundle = [...Map.groupBy(touched, ({ name }) => name)];
  return new Map(byBundle.map(([name, all]) => [name, heaviest(all.map((one) => one.class))]));
}

/** The hardest thing that happens to services of bundles that stay; going back does the same to them. */
export function classOfStaying(legs: readonly Leg[]): UpgradeClass {
  const touched = legs.flatMap((leg) =>
    touchesOf(leg)
      .filter(({ running, before, after }) => running !== null && before?.id.digest === after?.id.digest)
      .map((touch) => classOf(touch, leg)),
  );
  return heaviest(touched);
}

/** Going through the base is harder than a stop, although the service notices the same. */
function classOf({ name, action }: Touch, { hops }: Leg): UpgradeClass {
  const hop = hops.find((one) => one.name === name.bundle);
  return action === 'stop-start' && hop?.class === 'through-base' ? 'through-base' : CLASS_OF[action];
}

/** How long the service that is away longest is expected to be away, in milliseconds, from earlier measurements. */
export function interruptionOf(legs: readonly Leg[]): number {
  const away = new Map<string, number>();
  for (const { name, action, running } of legs.flatMap(touchesOf)) {
    if (running === null || (action !== 'restart' && action !== 'stop-start')) continue;
    const title = `${name.bundle}/${name.service}`;
    away.set(title, (away.get(title) ?? 0) + (running.readyAfterMs ?? USUAL_START_MS));
  }
  return Math.max(0, ...away.values());
}
