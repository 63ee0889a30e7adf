import { EXIT, PkgError } from '../../error.ts';
import { type Result, type ServiceName, sameService, serviceTitle } from '../../model/index.ts';
import { type Layout, layoutOf, openRoot } from '../../store/index.ts';
import { readCurrent } from '../facts/read-current.ts';
import type { Session } from '../session.ts';
import { asPkgError, type Ended, pointedNumber, settled } from '../settled.ts';
import { tellError } from '../tell-error.ts';
import { withLock } from '../with-lock.ts';
import { findService, type LiveService, liveServices } from './live.ts';
import { statusesOf } from './status.ts';
import { servicesNamed } from './words.ts';

/** Which services an operator means. */
export type ServiceOrder = { readonly words: readonly string[]; readonly all: boolean };

/** What a command does to one service; false if there was nothing to do. */
export type Act = (service: LiveService, place: Place) => Promise<boolean>;

/** Where a command does it, and for whom. */
export type Place = {
  readonly layout: Layout;
  readonly session: Session;
  /** Every service, those that others need first. */
  readonly services: readonly LiveService[];
  /** Says what became of a service. */
  note(message: string): void;
};

/**
 * The common path of all commands that touch services: under the lock, after recovery, one service after the other. If
 * one fails, only those related to it are left out.
 */
export function changeServices(
  choose: (place: Place) => readonly LiveService[],
  act: Act,
  session: Session,
): Promise<Ended> {
  return settled(session, async (noting) => {
    const run = async (layout: Layout): Promise<Result> => {
      const services = openRoot(layout.root) === null ? [] : await liveServices(layout, readCurrent(layout));
      const note = (message: string): void => noting.tell({ event: 'note', message });
      const place: Place = { layout, session: noting, services, note };
      return actOnEach(choose(place), act, place);
    };
    // A mistyped word must not leave a new root behind.
    const onlyLooks = noting.dryRun || openRoot(noting.root) === null;
    return onlyLooks ? run(layoutOf(noting.root)) : withLock(noting, run);
  });
}

/** The services that the words mean, in the order in which they start. */
export function chosenServices({ words, all }: ServiceOrder, { services, session }: Place): readonly LiveService[] {
  if (all) return services;
  if (words.length === 0) {
    throw new PkgError('usage', 'missing the name of a service', { hint: 'name one, or give --all' });
  }
  const place = { root: session.root, code: 'not-installed' } as const;
  const named = new Set(words.flatMap((word) => servicesNamed(word, services, place)));
  return services.filter((service) => named.has(service));
}

async function actOnEach(chosen: readonly LiveService[], act: Act, place: Place): Promise<Result> {
  const { session } = place;
  const failed: LiveService[] = [];
  let hasChanged = false;
  let isTouched = false;
  let isDamaged = false;
  for (const service of chosen) {
    const reason = session.interrupt.requested ?? failed.find((one) => areRelated(one, service));
    if (reason !== undefined) {
      const because = typeof reason === 'string' ? reason : serviceTitle(reason.name);
      session.tell({
        event: 'warning',
        message: `${serviceTitle(service.name)} is left as it is because of ${because}`,
      });
      failed.push(service);
      continue;
    }
    try {
      hasChanged = (await act(service, place)) || hasChanged;
    } catch (error) {
      const failure = asPkgError(error, session.root);
      tellError(failure, session);
      failed.push(service);
      isTouched ||= failure.exit !== EXIT.refused;
      isDamaged ||= failure.exit === EXIT.needsRecovery;
    }
  }
  const outcome = hasChanged ? 'committed' : 'nothing-to-do';
  if (isDamaged) return resultOf('needs-recovery', chosen, place);
  const failure = hasChanged || isTouched ? 'undone' : 'refused';
  return resultOf(failed.length > 0 ? failure : outcome, chosen, place);
}

/** A service is neither started without what it needs, nor stopped while others need it. */
function areRelated(one: LiveService, other: LiveService): boolean {
  const needs = (who: LiveService, whom: LiveService) => who.needs.some((name) => sameService(name, whom.name));
  return needs(one, other) || needs(other, one);
}

async function resultOf(outcome: Result['outcome'], chosen: readonly LiveService[], place: Place): Promise<Result> {
  const { layout, session } = place;
  const now = chosen.length === 0 ? [] : await liveServices(layout, readCurrent(layout));
  const meant = chosen.flatMap(({ name }: { readonly name: ServiceName }) => findService(name, now) ?? []);
  return {
    event: 'result',
    outcome,
    generation: pointedNumber(session.root),
    changes: [],
    services: statusesOf(layout, meant),
  };
}
