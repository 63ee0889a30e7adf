import { type Step, serviceTitle } from '../../../model/index.ts';
import type { Leg, Touch } from '../leg.ts';
import { afterOf } from '../services/service-at.ts';

/** A live service with a control program is told which of its settings changed. */
export function stepsForSettings(leg: Leg, touches: readonly Touch[]): readonly Step[] {
  return touches.flatMap((touch): readonly Step[] => {
    const settled = leg.settled.find(({ member }) => member === touch.after && leg.reconfigured.includes(member));
    if (settled === undefined || touch.action !== 'hot') return [];
    const { member, before, resolved } = settled;
    const { version } = member.id;
    const changed = Object.keys({ ...before, ...resolved.values }).filter(
      (key) => before[key] !== resolved.values[key],
    );
    return [
      {
        kind: 'control-service',
        phase: 'apply',
        service: afterOf(touch, leg),
        program: member.id,
        other: member.id,
        verb: 'config',
        direction: 'up',
        fromVersion: version,
        toVersion: version,
        // Names only: a value may be a secret, and the program finds it in its configuration folder.
        extra: { settings: changed },
        timeout: '30s',
        undoVerb: null,
        irreversible: false,
        summary: `tell ${serviceTitle(touch.name)} its new settings: ${changed.join(', ')}`,
        undo: 'it is told the former ones again',
      },
    ];
  });
}
