import {
  bundleTitle,
  copiesData,
  type Phase,
  type ServiceAt,
  type ServiceName,
  type Step,
  sameService,
  serviceTitle,
  type UpgradeEntry,
  type UpgradeVerb,
  upgradeVerb,
} from '../../model/index.ts';
import type { Member } from '../member.ts';
import { describerOf, type Hop } from '../paths/hop.ts';
import { serviceOfStep } from '../paths/service-of-step.ts';
import { backupSteps } from './backup-steps.ts';
import type { Leg, Touch } from './leg.ts';

type Declared = UpgradeEntry['steps'][number];

/** One declared step with everything it is about. */
type Said = {
  readonly leg: Leg;
  readonly hop: Hop;
  readonly describer: Member;
  readonly direction: 'up' | 'down';
  readonly from: Member;
  readonly to: Member;
  readonly step: Declared;
  readonly verb: UpgradeVerb;
  /** A copy of the data was made before it, and undo goes back to that. */
  readonly isRestored: boolean;
};

/** The steps of the declared ways, for all but the one action that each service gets. Dependents are quieted first. */
export function stepsForVerbs(leg: Leg, touches: readonly Touch[]): readonly Step[] {
  const inOrder = leg.members.flatMap(({ id }) => leg.hops.filter((hop) => hop.name === id.name));
  const steps = inOrder.map((hop) => [
    ...said(leg, hop).flatMap((one) => stepsOf(one, touches)),
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

function said(leg: Leg, hop: Hop): readonly Said[] {
  const describer = describerOf(hop);
  const { from, to, entry } = hop;
  if (describer === null || from === null || to === null || entry === null) return [];
  const direction = hop.direction === 'down' ? 'down' : 'up';
  return entry.steps.flatMap((step, at) => {
    const verb = upgradeVerb(step);
    const isRestored = entry.steps.slice(0, at).some(copiesData);
    return verb === null ? [] : [{ leg, hop, describer, direction, from, to, step, verb, isRestored } as const];
  });
}

function stepsOf(one: Said, touches: readonly Touch[]): readonly Step[] {
  const { verb, step, describer } = one;
  const service = serviceOfStep(step, describer);
  const touch = service === null ? undefined : touches.find(({ name }) => sameService(name, service));
  switch (verb) {
    case 'check':
      return [runProgram(one, verb, 'check')];
    case 'prepare':
      return [runProgram(one, verb, 'prepare')];
    case 'backup':
      return copiesData(step)
        ? backupSteps(one.to.id.name, one.leg.facts, timeoutOf(step, '24h'))
        : [runProgram(one, verb, 'prepare')];
    case 'run':
      return [runProgram(one, verb, sideOfSwitch(one))];
    case 'migrate':
      return service === null
        ? [runProgram(one, verb, sideOfSwitch(one))]
        : control(one, touch, verb, sideOfSwitch(one));
    case 'suspend':
      return control(one, touch, verb, 'quiesce');
    case 'resume':
      return control(one, touch, verb, 'resume');
    case 'call':
      return control(one, touch, verb, 'apply');
    case 'config':
      return hasControl(touch) ? control(one, touch, verb, 'apply') : [];
    case 'update':
      return [
        ...control(one, touch, 'suspend', 'quiesce'),
        ...('extra' in step ? control(one, touch, 'migrate', sideOfSwitch(one)) : []),
        ...control(one, touch, 'resume', 'resume'),
      ];
    case 'maintenance':
      return maintenance(one);
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

/** Whether a service can be told that its configuration changed, or only be made to read it again. */
export function hasControl(touch: Touch | undefined): boolean {
  const declared = touch?.after?.manifest.services?.[touch.name.service] ?? {};
  return declared.control !== undefined;
}

// What the newer version wrote, only its own code can turn back: going down it works while that code is still there.
function sideOfSwitch({ direction, step }: Said): Phase {
  const isNewerCode = step['in'] !== 'old';
  return (direction === 'up') === isNewerCode ? 'migrate-after' : 'migrate-before';
}

function runProgram(
  { leg, describer, direction, from, to, step, isRestored: isCopied }: Said,
  verb: 'check' | 'prepare' | 'backup' | 'run' | 'migrate',
  phase: Phase,
): Step {
  const bundle = step['in'] === 'old' ? older(direction, from, to) : describer;
  const run = words(step[verb]);
  const isRestored = isCopied && (verb === 'run' || verb === 'migrate');
  const irreversible = step['irreversible'] === true && !isRestored;
  const isReversed = verb === 'migrate' && !irreversible && !isRestored;
  const undoRun = step['undo'] === undefined ? (isReversed ? run : null) : words(step['undo']);
  return {
    kind: 'run-program',
    phase,
    verb,
    bundle: bundle.id,
    generation: leg.facts.nextGeneration,
    run,
    undoRun,
    direction,
    fromVersion: from.id.version,
    toVersion: to.id.version,
    extra: step['extra'] ?? null,
    timeout: timeoutOf(step, '5m'),
    irreversible,
    summary: `${verb} ${direction} ${from.id.version} -> ${to.id.version}: run ${run[0]} of ${bundleTitle(bundle.id)}`,
    undo: undoRun === null && isRestored ? RESTORED : undoText(undoRun, irreversible, direction),
  };
}

const RESTORED = 'the data comes back from its backup';

function undoText(undoRun: readonly string[] | null, irreversible: boolean, direction: 'up' | 'down'): string {
  if (irreversible) return 'cannot be undone';
  if (undoRun === null) return 'nothing to undo';
  return `run ${undoRun[0]} ${direction === 'up' ? 'down' : 'up'}`;
}

function control(
  one: Said,
  touch: Touch | undefined,
  verb: 'call' | 'suspend' | 'resume' | 'migrate' | 'config',
  phase: Phase,
): readonly Step[] {
  if (touch === undefined || touch.after === null || touch.before === null) return [];
  if (touch.running === null && !isQuietlyStarted(touch, one.hop)) return [];
  const { leg, describer, direction, from, to, step } = one;
  const irreversible = step['irreversible'] === true;
  const isBefore = phase === 'quiesce' || phase === 'migrate-before';
  const target = serviceTitle(touch.name);
  const program = step['in'] === 'old' ? older(direction, from, to) : describer;
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

function older(direction: 'up' | 'down', from: Member, to: Member): Member {
  return direction === 'up' ? from : to;
}

function words(command: unknown): readonly string[] {
  return typeof command === 'string' ? [command] : (command as readonly string[]);
}

function timeoutOf(step: Declared, otherwise: string): string {
  return typeof step['timeout'] === 'string' ? step['timeout'] : otherwise;
}

function maintenance({ describer, step }: Said): readonly Step[] {
  const on = step['maintenance'] === 'on';
  return [maintenanceStep(describer.id.name, on)];
}

/** Maintenance mode of a bundle: on before its services stop, off after they are back. */
export function maintenanceStep(bundle: string, on: boolean): Step {
  return {
    kind: 'maintenance',
    phase: on ? 'quiesce' : 'resume',
    bundle,
    on,
    summary: `maintenance of ${bundle} ${on ? 'on' : 'off'}`,
    undo: `maintenance ${on ? 'off' : 'on'}`,
  };
}

/** The service as it was before the switch. */
export function beforeOf({ name, before, after }: Touch, { facts, leaving }: Leg): ServiceAt {
  const member = before ?? after;
  if (member === null) throw new Error(`${serviceTitle(name)} is on neither side`);
  const isRenamed = leaving.some((one) => one.member === before);
  const former: ServiceName = isRenamed ? { bundle: member.id.name, service: name.service } : name;
  return { name: former, bundle: member.id, generation: facts.current?.number ?? facts.nextGeneration };
}

/** The service as it is after the switch. */
export function afterOf({ name, before, after }: Touch, { facts }: Leg): ServiceAt {
  const member = after ?? before;
  if (member === null) throw new Error(`${serviceTitle(name)} is on neither side`);
  return { name, bundle: member.id, generation: facts.nextGeneration };
}

/** Messages to a live service need one; where it does not run it is started for them, without traffic. */
function isQuietlyStarted(touch: Touch, hop: Hop): boolean {
  const describer = describerOf(hop);
  if (touch.running !== null || describer === null || hop.entry === null) return false;
  return hop.entry.steps.some((step) => {
    const service = serviceOfStep(step, describer);
    const verb = upgradeVerb(step);
    const needsLife = verb === 'call' || verb === 'migrate' || (verb === 'update' && 'extra' in step);
    return needsLife && service !== null && sameService(service, touch.name);
  });
}

function quietStarts(leg: Leg, touches: readonly Touch[], hops: readonly Hop[]): readonly Step[] {
  return quiet(touches, hops).map((touch) => ({
    kind: 'start-service',
    phase: 'quiesce',
    service: beforeOf(touch, leg),
    quiet: true,
    summary: `start ${serviceTitle(touch.name)} for the steps that need it alive`,
    undo: 'stop it again',
  }));
}

function quietStops(leg: Leg, touches: readonly Touch[], hops: readonly Hop[]): readonly Step[] {
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

/** Remembers which format lies on disk once a version that writes another has come. */
function noteFormat({ facts }: Leg, { name, from, to }: Hop): readonly Step[] {
  const onDisk = facts.dataFormats.get(name) ?? from?.manifest.data?.writes ?? null;
  const writes = to?.manifest.data?.writes;
  if (writes === undefined || writes === onDisk) return [];
  return [
    {
      kind: 'note-data-format',
      phase: 'migrate-after',
      bundle: name,
      from: onDisk,
      to: writes,
      summary: `the data of ${name} has format ${writes} from now on`,
      undo: onDisk === null ? 'forget it' : `format ${onDisk} again`,
    },
  ];
}
