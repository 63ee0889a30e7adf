import type { Status } from '../../operations/look/status.ts';
import { serviceLines } from './service-text.ts';
import { clock, dayAndClock } from './time.ts';

/** The state of a root as people read it; what needs them comes last, where the eye is. */
export function statusLines(status: Status, root: string): readonly string[] {
  return [
    `root        ${root}`,
    liveLine(status),
    ...bundleLines(status),
    ...servicesLines(status),
    ...keptLine(status),
    ...unreadLine(status),
    ...concernLines(status),
  ];
}

function liveLine({ generation, outcome, problem }: Status): string {
  if (problem !== null) return 'live        damaged';
  if (generation === null) return 'live        nothing is installed';
  return `live        generation ${generation}${outcome === null ? '' : ` (${outcome})`}`;
}

function bundleLines({ bundles }: Status): readonly string[] {
  return bundles.map(
    ({ name, version, explicit }) => `            ${name} ${version}${explicit ? '' : ' (dependency)'}`,
  );
}

function servicesLines({ services }: Status): readonly string[] {
  return serviceLines(services).map((line, at) => `${at === 0 ? 'services    ' : '            '}${line}`);
}

function keptLine({ keptGenerations }: Status): readonly string[] {
  return keptGenerations.length === 0 ? [] : [`kept        generations ${keptGenerations.join(', ')}`];
}

function unreadLine({ unread }: Status): readonly string[] {
  return unread.length === 0 ? [] : [`not shown   ${unread.join(', ')}: only the owner of this root may read them`];
}

/** What an operator has to do something about, or to wait for. */
export function concernLines({
  trialUntil,
  preview,
  running,
  openTransaction,
  problem,
  maintenance,
  drift,
  configWaiting,
}: Status): readonly string[] {
  return [
    ...(trialUntil === null
      ? []
      : [`on trial    until ${dayAndClock(trialUntil)}; keep it: pkg commit, give it up: pkg rollback`]),
    ...(preview === null ? [] : [previewLine(preview)]),
    ...maintenance.map(maintenanceLine),
    ...configWaiting.map((file) => `decide      ${file}`),
    ...(drift === 0
      ? []
      : [`drift       ${drift} shipped ${drift === 1 ? 'file was' : 'files were'} changed by hand: pkg verify`]),
    ...(running === null
      ? []
      : [`running     pid ${running.pid} \`${running.command}\` is changing this root since ${clock(running.since)}`]),
    ...(openTransaction === null || running !== null
      ? []
      : [
          `interrupted transaction ${openTransaction.id} (${openTransaction.command}, by ${openTransaction.by}): pkg recover`,
        ]),
    ...(problem === null ? [] : [`damaged     ${problem.message}: ${problem.hint}`]),
  ];
}

function previewLine({ generation, clients, until }: NonNullable<Status['preview']>): string {
  const time = until === null ? '' : ` until ${dayAndClock(until)}`;
  return `preview     generation ${generation} for ${clients.join(', ')}${time}; show it to all: pkg publish, give it up: pkg abandon`;
}

function maintenanceLine({ name, paths, until, by }: Status['maintenance'][number]): string {
  const time =
    until === null ? '' : ` until ${dayAndClock(until)}${Date.parse(until) < Date.now() ? ', which is over' : ''}`;
  return `maintenance ${[name, ...paths].join(' ')}${time}; ${WHO_ENDS_IT[by](name)}`;
}

const WHO_ENDS_IT: Readonly<Record<Status['maintenance'][number]['by'], (name: string) => string>> = {
  operator: (name) => `end it: pkg maintenance off ${name}`,
  change: () => 'the change that began it ends it',
  plan: () => 'it ends by itself, as planned',
};
