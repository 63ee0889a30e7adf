import {
  bundleTitle,
  type Cause,
  type Listener,
  missingForTraffic,
  type ServiceName,
  sameService,
  serviceTitle,
} from '../../model/index.ts';
import { type Action, declarationOf, type Leg, type Touch } from '../compose/leg.ts';
import { touchesOf } from '../compose/services/touch.ts';
import type { Member } from '../member.ts';
import { refuse } from '../target.ts';

type Refused = ReturnType<typeof refuse>;

/** The first refusal because of services, or null. */
export function checkServices(legs: readonly Leg[]): Refused | null {
  return (
    checkRunning(legs) ??
    checkManagers(legs) ??
    checkUnits(legs) ??
    checkTraffic(legs) ??
    checkPortClashes(legs) ??
    checkPortsTaken(legs)
  );
}

/** Removing what runs must be meant: `--stop`, or a yes to the plan that says so. */
function checkRunning(legs: readonly Leg[]): Refused | null {
  const stopped = legs.flatMap((leg) => {
    const { request } = leg;
    const isMeant = (request.kind !== 'remove' && request.kind !== 'autoremove') || request.stop;
    return isMeant ? [] : touchesOf(leg).filter(({ action }) => action === 'stop');
  });
  if (stopped.length === 0) return null;
  const causes = stopped.map(({ name, running }) => ({
    message: `${serviceTitle(name)} is running${running?.pid ? ` as pid ${running.pid}` : ''}`,
  }));
  return refuse('service-running', causes, `to stop it as part of the change: --stop`);
}

function checkManagers(legs: readonly Leg[]): Refused | null {
  const causes = legs.flatMap(({ entering, facts }) =>
    entering.flatMap(({ member: { id, manifest } }) =>
      Object.entries(manifest.services ?? {}).flatMap(([service, { manager = 'process' }]): readonly Cause[] => {
        const reason = facts.unusableManagers.get(manager);
        if (reason === undefined) return [];
        return [{ message: `service ${service} of ${bundleTitle(id)} is kept by ${manager}, but ${reason}` }];
      }),
    ),
  );
  return causes.length === 0 ? null : refuse('manager-missing', causes, 'install it, or use the manager process');
}

/** A unit made by somebody else is never overwritten, and no two services may have the same one. */
function checkUnits(legs: readonly Leg[]): Refused | null {
  const causes = legs.flatMap(({ members, facts }) => {
    const titles = members.flatMap(unitTitles);
    const foreign = titles.flatMap((title): readonly Cause[] => {
      const file = facts.foreignUnits.get(title);
      return file === undefined ? [] : [{ message: `the unit of ${title} would be ${file}, which pkg did not make` }];
    });
    const same = Map.groupBy(titles, (title) => title.replace('/', '-'));
    const shared = [...same.values()].filter((those) => those.length > 1);
    return [...foreign, ...shared.map((those) => ({ message: `${those.join(' and ')} would have the same unit` }))];
  });
  return causes.length === 0 ? null : refuse('clash', causes, 'move it away, or give the service another name');
}

function unitTitles({ id, manifest }: Member): readonly string[] {
  return Object.entries(manifest.services ?? {})
    .filter(([, { manager }]) => manager === 'systemd' || manager === 'runit')
    .map(([service]) => serviceTitle({ bundle: id.name, service }));
}

/** Refused now rather than later, when the new instance runs and no request reaches it. */
function checkTraffic(legs: readonly Leg[]): Refused | null {
  const causes = legs.flatMap(touchesOf).flatMap(({ name, action, after }): readonly Cause[] => {
    const way = after === null ? undefined : declarationOf(after, name).traffic;
    if (action !== 'replace' || way === undefined) return [];
    const missing = missingForTraffic(way);
    if (missing.length === 0) return [];
    return [
      { message: `${serviceTitle(name)} is behind ${way.adapter}, but its traffic has no ${missing.join(', ')}` },
    ];
  });
  return causes.length === 0 ? null : refuse('traffic-unusable', causes, 'build it with what is missing');
}

function checkPortClashes(legs: readonly Leg[]): Refused | null {
  const causes = legs.flatMap(({ members }) => {
    const claims = new Map<number, readonly string[]>();
    for (const { id, manifest } of members) {
      for (const [service, { ports = [] }] of Object.entries(manifest.services ?? {})) {
        const title = serviceTitle({ bundle: id.name, service });
        for (const port of new Set(ports)) claims.set(port, [...(claims.get(port) ?? []), title]);
      }
    }
    return [...claims]
      .filter(([, titles]) => titles.length > 1)
      .map(([port, titles]) => ({ message: `${titles.join(' and ')} both have port ${port}` }));
  });
  return causes.length === 0 ? null : refuse('clash', causes, 'give one of the services another port');
}

const STARTS: readonly Action[] = ['start', 'restart', 'stop-start', 'replace'];

function checkPortsTaken(legs: readonly Leg[]): Refused | null {
  const causes = legs.flatMap((leg) => {
    const touches = touchesOf(leg);
    const ending = touches.filter(({ action }) => action === 'stop' || action === 'stop-start').map(({ name }) => name);
    return touches
      .filter(({ action }) => STARTS.includes(action))
      .flatMap((touch) =>
        portsNeeded(touch).flatMap((port): readonly Cause[] => {
          const listener = leg.facts.listeners.get(port);
          if (listener === undefined || isOurs(listener, [touch.name, ...ending])) return [];
          return [
            { message: `${serviceTitle(touch.name)} needs port ${port}, but ${whoListens(listener)} listens there` },
          ];
        }),
      );
  });
  return causes.length === 0
    ? null
    : refuse('port-taken', causes, 'end that program, or give the service another port');
}

function isOurs({ ours }: Listener, names: readonly ServiceName[]): boolean {
  return ours !== null && names.some((name) => sameService(name, ours));
}

function whoListens({ ours, command, pid }: Listener): string {
  if (ours !== null) return serviceTitle(ours);
  return pid === null ? 'a program of somebody else' : `${command} (pid ${pid})`;
}

/** A new instance beside the old one needs the port that the old one does not use. */
function portsNeeded({ name, after, running, action }: Touch): readonly number[] {
  const ports = after === null ? [] : (declarationOf(after, name).ports ?? []);
  if (action === 'replace') return ports.filter((port) => port !== running?.port).slice(0, 1);
  const first = running?.port ?? ports[0];
  return first === undefined ? [] : [first];
}
