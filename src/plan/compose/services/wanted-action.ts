import { bundleTitle, type Service, type ServiceName, serviceTitle, upgradeVerb } from '../../../model/index.ts';
import type { Member } from '../../member.ts';
import { describerOf, type Hop } from '../../paths/hop.ts';
import { serviceOfStep } from '../../paths/service-of-step.ts';
import { allNeeded, dependencyEdges } from '../../relations/order-bundles.ts';
import { type Action, declarationOf, type Leg } from '../leg.ts';

/** What should be done to a service, and why. */
export type Wanted = { readonly action: Action; readonly because: string };

/** The strongest action that the declared ways ask for, by service title. */
export function askedFor({ hops }: Leg): ReadonlyMap<string, Wanted> {
  const asked = new Map<string, Wanted>();
  for (const hop of hops) {
    const describer = describerOf(hop);
    if (describer === null || hop.entry === null) continue;
    const because = `${titleOf(hop)} declares it for ${hop.from?.id.version ?? 'nothing'} -> ${hop.to?.id.version ?? 'nothing'}`;
    for (const step of hop.entry.steps) {
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

/** Without a declared way: the class of the hop, or what the change of a dependency does to it. */
export function byDefault(name: ServiceName, member: Member, leg: Leg): Wanted | null {
  const hop = leg.hops.find((one) => one.name === name.bundle);
  if (hop !== undefined && hop.from !== null) {
    if (hop.entry !== null) return { action: 'none', because: `${titleOf(hop)} declares nothing to be done to it` };
    return { action: defaultAction(name, hop, member), because: `no way is declared from ${hop.from.id.version}` };
  }
  if (leg.entering.some((one) => one.member.id.name === name.bundle)) {
    return { action: 'restart', because: 'the bundle it belonged to is replaced' };
  }
  const settings = leg.reconfigured.includes(member) ? bySettings(declarationOf(member, name), member) : null;
  return settings ?? byDependency(name, member, leg);
}

/** New settings reach a running service by a message, by a file that is read again, or only by a restart. */
function bySettings(declaration: Service, { manifest }: Member): Wanted {
  const because = 'its settings change';
  const isStartedWith = JSON.stringify([declaration.start, declaration.env, manifest.env]).includes('${setting.');
  if (isStartedWith) return { action: 'restart', because };
  if (declaration.control !== undefined) return { action: 'hot', because };
  // A service started from its own folder would read its former revision again.
  const rereads = declaration.reload !== undefined && declaration.path === 'current';
  return { action: rereads ? 'reload' : 'restart', because };
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

/** An unchanged bundle is reached through its dependencies; the first one that changes is the reason. */
function byDependency(name: ServiceName, member: Member, { members, entering }: Leg): Wanted | null {
  const declaration = declarationOf(member, name);
  const edges = dependencyEdges(members);
  const needed = allNeeded(member.id.name, edges);
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
