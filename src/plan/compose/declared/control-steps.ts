import { type Phase, type Step, serviceTitle } from '../../../model/index.ts';
import type { Touch } from '../leg.ts';
import { isQuietlyStarted } from '../services/quiet-services.ts';
import { afterOf, beforeOf } from '../services/service-at.ts';
import { bundleOf, type DeclaredStep, timeoutOf } from './declared-step.ts';

/** A message to the live process of a service; none if there is no process and none is started for it. */
export function controlSteps(
  one: DeclaredStep,
  touch: Touch | undefined,
  verb: 'call' | 'suspend' | 'resume' | 'migrate' | 'config',
  phase: Phase,
): readonly Step[] {
  if (touch === undefined || touch.after === null || touch.before === null) return [];
  if (touch.running === null && !isQuietlyStarted(touch, one.hop)) return [];
  const { leg, direction, from, to, step } = one;
  const irreversible = step['irreversible'] === true;
  const isBefore = phase === 'quiesce' || phase === 'migrate-before';
  const target = serviceTitle(touch.name);
  const program = bundleOf(one);
  const undoVerb = irreversible ? null : UNDO_VERB[verb];
  return [
    {
      kind: 'control-service',
      phase,
      service: isBefore ? beforeOf(touch, leg) : afterOf(touch, leg),
      program: program.id,
      other: (program === from ? to : from).id,
      verb,
      direction,
      fromVersion: from.id.version,
      toVersion: to.id.version,
      extra: step['extra'] ?? null,
      timeout: timeoutOf(step, '30s'),
      undoVerb,
      irreversible,
      summary: `${verb} ${target} ${direction} ${from.id.version} -> ${to.id.version}`,
      undo: irreversible ? 'cannot be undone' : undoVerb === null ? 'nothing to undo' : `${undoVerb} it`,
    },
  ];
}

const UNDO_VERB = { call: 'call', suspend: 'resume', resume: 'suspend', migrate: 'migrate', config: null } as const;

/** Whether a service can be told what changed in its configuration, or can only be made to read it again. */
export function hasControl(touch: Touch | undefined): boolean {
  const declared = touch?.after?.manifest.services?.[touch.name.service] ?? {};
  return declared.control !== undefined;
}
