import { copiesData, type Step, sameService } from '../../../model/index.ts';
import { serviceOfStep } from '../../paths/service-of-step.ts';
import type { Leg, Touch } from '../leg.ts';
import { quietStarts, quietStops } from '../services/quiet-services.ts';
import { backupSteps } from './backup-steps.ts';
import { controlSteps, hasControl } from './control-steps.ts';
import { type DeclaredStep, declaredSteps, sideOfSwitch, timeoutOf } from './declared-step.ts';
import { maintenanceStep } from './maintenance-step.ts';
import { noteFormat } from './note-format.ts';
import { programStep } from './program-step.ts';

/** The steps of the declared ways, except for the one action of each service. Dependents are suspended first. */
export function stepsForVerbs(leg: Leg, touches: readonly Touch[]): readonly Step[] {
  const hopsOf = Map.groupBy(leg.hops, ({ name }) => name);
  const inOrder = leg.members.flatMap(({ id }) => hopsOf.get(id.name) ?? []);
  const steps = inOrder.map((hop) => [
    ...declaredSteps(leg, hop).flatMap((one) => stepsOf(one, touches)),
    ...noteFormat(leg, hop),
  ]);
  const isQuiesce = (step: Step): boolean => step.phase === 'quiesce';
  return [
    ...quietStarts(leg, touches, inOrder),
    ...steps.toReversed().flatMap((one) => one.filter(isQuiesce)),
    ...steps.flatMap((one) => one.filter((step) => !isQuiesce(step))),
    ...quietStops(leg, touches, inOrder),
  ];
}

function stepsOf(one: DeclaredStep, touches: readonly Touch[]): readonly Step[] {
  const { verb, step, describer } = one;
  const service = serviceOfStep(step, describer);
  const touch = service === null ? undefined : touches.find(({ name }) => sameService(name, service));
  switch (verb) {
    case 'check':
      return [programStep(one, verb, 'check')];
    case 'prepare':
      return [programStep(one, verb, 'prepare')];
    case 'backup':
      return copiesData(step)
        ? backupSteps(one.to.id.name, one.leg.facts, timeoutOf(step, '24h'))
        : [programStep(one, verb, 'prepare')];
    case 'run':
      return [programStep(one, verb, sideOfSwitch(one))];
    case 'migrate':
      return service === null
        ? [programStep(one, verb, sideOfSwitch(one))]
        : controlSteps(one, touch, verb, sideOfSwitch(one));
    case 'suspend':
      return controlSteps(one, touch, verb, 'quiesce');
    case 'resume':
      return controlSteps(one, touch, verb, 'resume');
    case 'call':
      return controlSteps(one, touch, verb, 'apply');
    case 'config':
      return hasControl(touch) ? controlSteps(one, touch, verb, 'apply') : [];
    case 'update':
      return [
        ...controlSteps(one, touch, 'suspend', 'quiesce'),
        ...('extra' in step ? controlSteps(one, touch, 'migrate', sideOfSwitch(one)) : []),
        ...controlSteps(one, touch, 'resume', 'resume'),
      ];
    case 'maintenance':
      return [maintenanceStep(describer.id.name, step['maintenance'] === 'on')];
    case 'reload':
    case 'replace':
    case 'restart':
    case 'stop':
    case 'start':
      // One action per service: stepsForServices has it.
      return [];
    default:
      return verb satisfies never;
  }
}
