import { type Step, sameService, serviceTitle } from '../../../model/index.ts';
import { maintenanceStep } from '../declared/maintenance-step.ts';
import { declarationOf, type Leg, type Touch } from '../leg.ts';
import { afterOf, beforeOf } from '../services/service-at.ts';
import { stepsForUnitsThatCome, stepsForUnitsThatLeave } from './steps-for-units.ts';

/** Before anything touches a service: records what runs now, so that exactly this can be brought back. */
export function guardSteps(leg: Leg, touches: readonly Touch[]): readonly Step[] {
  return touches
    .filter(({ running }) => running !== null)
    .toReversed()
    .map((touch) => ({
      kind: 'guard-service',
      phase: 'quiesce',
      service: beforeOf(touch, leg),
      summary: `note how ${titleOf(touch)} runs`,
      undo: 'bring exactly this back',
    }));
}

/** The one action of every service, its proof, and what becomes of the old instance after COMMIT. */
export function stepsForServices(leg: Leg, touches: readonly Touch[]): readonly Step[] {
  return [
    ...maintenanceSteps(leg, touches),
    ...touches.toReversed().flatMap((touch) => stopBefore(touch, leg)),
    ...stepsForUnitsThatCome(leg),
    ...touches.flatMap((touch) => applyTo(touch, leg)),
    ...stepsForUnitsThatLeave(leg),
    ...touches.flatMap((touch) => moveTraffic(touch, leg)),
    ...touches.filter(isProven).map((touch) => proof(touch, leg)),
    ...touches.filter(({ action }) => action === 'replace').map((touch) => retirement(touch, leg)),
  ];
}

/** A page instead of an error while services are down for longer than a restart. */
function maintenanceSteps({ hops }: Leg, touches: readonly Touch[]): readonly Step[] {
  const isDeclared = (bundle: string): boolean =>
    hops.some(({ name, entry }) => name === bundle && entry?.steps.some((step) => 'maintenance' in step));
  const down = touches.filter(({ action, running }) => action === 'stop-start' && running !== null);
  const bundles = [...new Set(down.map(({ name }) => name.bundle))].filter((bundle) => !isDeclared(bundle));
  return bundles.flatMap((bundle) => [maintenanceStep(bundle, true), maintenanceStep(bundle, false)]);
}

/** A service that runs through `current` must be down before the switch; only one in exact folders is stopped after it. */
function stopBefore(touch: Touch, leg: Leg): readonly Step[] {
  if (touch.running === null || !isStoppedBefore(touch)) return [];
  return [
    {
      kind: 'stop-service',
      phase: 'quiesce',
      service: beforeOf(touch, leg),
      summary: `stop ${titleOf(touch)}: ${touch.because}`,
      undo: 'it is brought back as it was noted',
    },
    ...standIn(touch, leg, true),
  ];
}

/** A stand-in has to start and stop as well, so it is only used if the service is down for longer than a restart. */
function standIn(touch: Touch, leg: Leg, on: boolean): readonly Step[] {
  const { name, before, action, running } = touch;
  if (running === null || before === null || action !== 'stop-start') return [];
  if (declarationOf(before, name).maintenance === undefined) return [];
  const title = titleOf(touch);
  return [
    {
      kind: 'stand-in',
      phase: on ? 'quiesce' : 'apply',
      service: beforeOf(touch, leg),
      on,
      summary: on ? `have a page answer at the port of ${title}` : `end the page at the port of ${title}`,
      undo: on ? 'end it' : 'nothing to undo',
    },
  ];
}

/** Whether a service is down during the switch. */
export function isStoppedBefore({ name, before, after, action, givesData }: Touch): boolean {
  if (action === 'stop-start' || givesData) return true;
  if (action !== 'restart') return false;
  return [before, after].some((member) => member !== null && declarationOf(member, name).path === 'current');
}

function applyTo(touch: Touch, leg: Leg): readonly Step[] {
  const { action, because } = touch;
  const title = titleOf(touch);
  const change = { old: beforeOf(touch, leg), service: afterOf(touch, leg), because, phase: 'apply' } as const;
  switch (action) {
    case 'none':
    case 'hot':
      return [];
    case 'reload':
      return [
        {
          ...change,
          kind: 'reload-service',
          summary: `reload ${title}: ${because}`,
          undo: 'it is reloaded as it was noted',
        },
      ];
    case 'replace':
      return [
        {
          ...change,
          kind: 'replace-service',
          summary: `replace ${title} by a new one beside it: ${because}`,
          undo: 'end the new one; the old one still runs',
        },
      ];
    case 'restart':
      if (isStoppedBefore(touch)) return [start(touch, leg)];
      return [
        { ...change, kind: 'restart-service', summary: `restart ${title}: ${because}`, undo: 'stop what it started' },
      ];
    case 'stop-start':
    case 'start':
      return [...standIn(touch, leg, false), start(touch, leg)];
    case 'stop':
      if (isStoppedBefore(touch)) return [];
      return [
        {
          kind: 'stop-service',
          phase: 'apply',
          service: beforeOf(touch, leg),
          summary: `stop ${title}: ${because}`,
          undo: 'it is brought back as it was noted',
        },
      ];
    default:
      return action satisfies never;
  }
}

function start(touch: Touch, leg: Leg): Step {
  const { because, running } = touch;
  const [old, service] = [beforeOf(touch, leg), afterOf(touch, leg)];
  const isRenamed = running !== null && !sameService(old.name, service.name);
  return {
    kind: 'start-service',
    phase: 'apply',
    service,
    ...(isRenamed ? { old } : {}),
    quiet: false,
    summary: `start ${titleOf(touch)}: ${because}`,
    undo: 'stop it again',
  };
}

/** After the checks, so that no client meets a version that they reject. */
function moveTraffic(touch: Touch, leg: Leg): readonly Step[] {
  const isBehindProxy = touch.after !== null && declarationOf(touch.after, touch.name).traffic !== undefined;
  if (touch.action !== 'replace' || !isBehindProxy) return [];
  return [
    {
      kind: 'move-traffic',
      phase: 'verify',
      old: beforeOf(touch, leg),
      service: afterOf(touch, leg),
      summary: `send the requests of ${titleOf(touch)} to the new one`,
      undo: 'send them to the old one, which still runs',
    },
  ];
}

function isProven({ action }: Touch): boolean {
  return action !== 'none' && action !== 'stop';
}

function proof(touch: Touch, leg: Leg): Step {
  return {
    kind: 'prove-service',
    // A suspended service does not answer: it is asked when it has resumed.
    phase: touch.action === 'hot' ? 'resume' : 'verify',
    service: afterOf(touch, leg),
    summary: `prove that ${titleOf(touch)} answers${touch.after === null ? '' : ` as ${touch.after.id.version}`}`,
    undo: 'nothing to undo',
  };
}

function retirement(touch: Touch, leg: Leg): Step {
  return {
    kind: 'retire-service',
    phase: 'clean',
    service: beforeOf(touch, leg),
    summary: `end the old instance of ${titleOf(touch)}`,
    undo: 'cannot be undone: it runs after the change is final',
  };
}

function titleOf({ name }: Touch): string {
  return serviceTitle(name);
}
