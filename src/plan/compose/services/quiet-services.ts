import { type Step, sameService, serviceTitle, upgradeVerb } from '../../../model/index.ts';
import { describerOf, type Hop } from '../../paths/hop.ts';
import { serviceOfStep } from '../../paths/service-of-step.ts';
import type { Leg, Touch } from '../leg.ts';
import { afterOf, beforeOf } from './service-at.ts';

/** Messages need a live service; one that does not run is started for them, without traffic. */
export function isQuietlyStarted(touch: Touch, hop: Hop): boolean {
  const describer = describerOf(hop);
  if (touch.running !== null || describer === null || hop.entry === null) return false;
  return hop.entry.steps.some((step) => {
    const service = serviceOfStep(step, describer);
    const verb = upgradeVerb(step);
    const needsLife = verb === 'call' || verb === 'migrate' || (verb === 'update' && 'extra' in step);
    return needsLife && service !== null && sameService(service, touch.name);
  });
}

/** Starts the services that the steps of a way need alive. */
export function quietStarts(leg: Leg, touches: readonly Touch[], hops: readonly Hop[]): readonly Step[] {
  return quiet(touches, hops).map((touch) => ({
    kind: 'start-service',
    phase: 'quiesce',
    service: beforeOf(touch, leg),
    quiet: true,
    summary: `start ${serviceTitle(touch.name)} for the steps that need it alive`,
    undo: 'stop it again',
  }));
}

/** Stops them again. */
export function quietStops(leg: Leg, touches: readonly Touch[], hops: readonly Hop[]): readonly Step[] {
  return quiet(touches, hops).map((touch) => ({
    kind: 'stop-service',
    phase: 'resume',
    service: afterOf(touch, leg),
    summary: `stop ${serviceTitle(touch.name)}, which did not run before`,
    undo: 'nothing to undo',
  }));
}

function quiet(touches: readonly Touch[], hops: readonly Hop[]): readonly Touch[] {
  return touches.filter(
    (touch) => touch.before !== null && touch.after !== null && hops.some((hop) => isQuietlyStarted(touch, hop)),
  );
}
