import {
  bundleTitle,
  type Service,
  type ServiceFact,
  type ServiceName,
  sameService,
  serviceTitle,
  upgradeVerb,
} from '../model/index.ts';
import type { Hop } from './path-hop.ts';
import { dependencyEdges } from './order-bundles.ts';
import type { Member } from './member.ts';
import type { Proposal } from './proposal.ts';
import { serviceOfStep } from './service-of-step.ts';

/** What is done to one service, from the gentlest to the hardest; `start` and `stop` are for those that come and go. */
export type Action = 'none' | 'hot' | 'reload' | 'replace' | 'restart' | 'stop-start' | 'start' | 'stop';

/** One service that a change reaches, and the one action it gets. */
export type Touch = {
  readonly name: ServiceName;
  /** The bundle before and after; null where the service does not exist on that side. */
  readonly before: Member | null;
  readonly after: Member | null;
  /** What runs now, as it was read before the decision; null for one that is not up. */
  readonly running: ServiceFact | null;
  readonly action: Action;
  /** The reason, for the plan. */
  readonly because: string;
};

/** A proposal together with the way each of its bundles goes. */
export type Leg = Proposal & { readonly hops: readonly Hop[] };

/** Every service that is reached, dependencies first; services of bundles that leave come last, dependents first. */
export function touchesOf(leg: Leg): readonly Touch[] {
  const asked = askedFor(leg);
  const staying = leg.members.flatMap((member) =>
    serviceNames(member).map((service) => touchStaying({ bundle: member.id.name, service }, member, leg, asked)),
  );
  const leaving = leg.leaving.flatMap(({ member }) =>
    serviceNames(member)
      .toReversed()
      .map((service) => touchLeaving({ bundle: member.id.name, service }, member, leg)),
  );
  const dropped = leg.entering.flatMap(({ before, member }) =>
    before === null
      ? []
      : serviceNames(before)
          .filter((service) => member.manifest.services?.[service] === undefined)
          .map((service) => touchLeaving({ bundle: before.id.name, service }, before, leg)),
  );
  return [...staying, ...dropped, ...leaving].filter((touch) => touch !== null);
}

/** How a service is declared by a bundle; an empty declaration where it is not. */
export function declarationOf(member: Member, { service }: ServiceName): Service {
  return member.manifest.services?.[service] ?? {};
}

type Wanted = { readonly action: Action; readonly because: string };

/** The strongest action that the declared ways ask for, by service title. */
function askedFor({ hops }: Leg): ReadonlyMap<string, Wanted> {
  const asked = new Map<string, Wanted>();
  for (const hop of hops) {
    const describer = describerOf(hop);
    if (describer === null) continue;
    const because = `${titleOf(hop)} declares it for ${hop.from?.id.version ?? 'nothing'} -> ${hop.to?.id.version ?? 'nothing'}`;
    for (const step of hop.entry?.steps ?? []) {
      const service = serviceOfStep(step, describer);
      const verb = upgradeVerb(step);
      if (service === null || verb === null || !(verb in ACTIONS)) continue;
      const action = ACTIONS[verb as keyof typeof ACTIONS];
      const title = serviceTitle(service);
      const known = asked.get(title);
      if (known === undefined || strength(known.action) < strength(action)) asked.set(title, { action, because });
    }
  }
  return asked;
}

function titleOf(hop: Hop): string {
  const describer = describerOf(hop);
  return describer === null ? hop.name : bundleTitle(describer.id);
}

/** The newer of the two: only it knows what it changed. */
export function describerOf({ direction, from, to }: Hop): Member | null {
  return direction === 'down' ? from : to;
}

const ACTIONS = {
  call: 'hot',
  suspend: 'hot',
  resume: 'hot',
  update: 'hot',
  migrate: 'hot',
  config: 'hot',
  reload: 'reload',
  replace: 'replace',
  restart: 'restart',
  stop: 'stop-start',
  start: 'stop-start',
} as const satisfies Readonly<Record<string, Action>>;

const STRENGTH: readonly Action[] = ['none', 'hot', 'reload', 'replace', 'restart', 'stop-start', 'start', 'stop'];

function strength(action: Action): number {
  return STRENGTH.indexOf(action);
}

function touchStaying(name: ServiceName, member: Member, leg: Leg, asked: ReadonlyMap<string, Wanted>): Touch | null {
  const entering = leg.entering.find((one) => one.member.id.name === name.bundle);
  const former = entering === undefined ? member : (entering.before ?? entering.replaced);
  const before = former?.manifest.services?.[name.service] === undefined ? null : former;
  const running = runningNow(before, name, leg);
  if (before === null || (running === null && entering?.before === null && entering.replaced === null)) {
    const starts = entering !== undefined && declarationOf(member, name).autostart !== false;
    return starts
      ? { name, before: null, after: member, running: null, action: 'start', because: 'it comes with this change' }
      : null;
  }
  if (running === null)
    return entering === undefined
      ? null
      : { name, before, after: member, running, action: 'none', because: 'it does not run' };
  const wanted = asked.get(serviceTitle(name)) ?? byDefault(name, member, leg);
  return wanted === null
    ? null
    : { name, before, after: member, running, ...possible(wanted, declarationOf(member, name)) };
}

/** A unit of another manager is one instance; `replace` would need two of it. */
function possible(wanted: Wanted, { manager }: Service): Wanted {
  if (wanted.action !== 'replace' || (manager !== 'systemd' && manager !== 'runit')) return wanted;
  return { action: 'restart', because: `${wanted.because}, and ${manager} keeps one instance only` };
}

/** What nobody declared a way for: the class of the hop, or what a dependency that changes does to it. */
function byDefault(name: ServiceName, member: Member, leg: Leg): Wanted | null {
  const hop = leg.hops.find((one) => one.name === name.bundle);
  if (hop !== undefined && hop.from !== null) {
    if (hop.entry !== null) return { action: 'none', because: `${titleOf(hop)} declares nothing to be done to it` };
    return { action: defaultAction(name, hop, member), because: `no way is declared from ${hop.from.id.version}` };
  }
  if (leg.entering.some((one) => one.member.id.name === name.bundle)) {
    return { action: 'restart', because: 'the bundle it belonged to is replaced' };
  }
  return byDependency(name, member, leg);
}

function defaultAction(name: ServiceName, hop: Hop, member: Member): Action {
  const newer = hop.direction === 'down' ? hop.from : hop.to;
  const declared = newer?.manifest.upgrade?.default?.[hop.direction === 'down' ? 'down' : 'up'];
  switch (declared) {
    case 'none':
    case 'hot':
    case 'reload':
    case 'replace':
    case 'restart':
      return declared;
    case 'stop-migrate-start':
    case 'base':
      return 'stop-start';
    default:
      return declarationOf(member, name).onUpgrade ?? 'restart';
  }
}

/** An unchanged bundle lives on what it depends on; the first dependency that changes is the reason. */
function byDependency(name: ServiceName, member: Member, { members, entering }: Leg): Wanted | null {
  const declaration = declarationOf(member, name);
  const edges = dependencyEdges(members);
  const needed = closure(member.id.name, edges);
  const wanted = entering
    .filter((one) => needed.has(one.member.id.name))
    .map(({ change }): Wanted => {
      const usual = change.direction === 'rebuild' ? 'none' : (declaration.onUpgrade ?? 'restart');
      return {
        action: declaration.onDependency?.[change.name] ?? usual,
        because: `it depends on ${change.name}, which changes`,
      };
    })
    .filter(({ action }) => action !== 'none');
  return wanted.toSorted((a, b) => strength(b.action) - strength(a.action))[0] ?? null;
}

function closure(name: string, edges: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const needed of edges.get(next) ?? []) {
      if (found.has(needed)) continue;
      found.add(needed);
      open.push(needed);
    }
  }
  return found;
}

function touchLeaving(name: ServiceName, member: Member, leg: Leg): Touch | null {
  const running = runningNow(member, name, leg);
  if (running === null) return null;
  return { name, before: member, after: null, running, action: 'stop', because: 'it leaves with this change' };
}

function runningNow(before: Member | null, name: ServiceName, { facts }: Leg): ServiceFact | null {
  if (before === null) return null;
  const former = { bundle: before.id.name, service: name.service };
  return facts.services.find((fact) => sameService(fact.name, former) && fact.state === 'running') ?? null;
}

/** Those that others of the same bundle need come first. */
function serviceNames(member: Member): readonly string[] {
  const services = member.manifest.services ?? {};
  const ordered: string[] = [];
  const visit = (name: string, below: readonly string[]): void => {
    if (ordered.includes(name) || below.includes(name)) return;
    for (const needed of services[name]?.needs ?? []) {
      if (services[needed] !== undefined) visit(needed, [...below, name]);
    }
    ordered.push(name);
  };
  for (const name of Object.keys(services)) visit(name, []);
  return ordered;
}
