import { type Service, type ServiceFact, type ServiceName, sameService, serviceTitle } from '../../../model/index.ts';
import { dataMoves } from '../../data-moves.ts';
import type { Member } from '../../member.ts';
import { declarationOf, type Leg, type Touch } from '../leg.ts';
import { serviceNames } from './order-services.ts';
import { askedFor, byDefault, type Wanted } from './wanted-action.ts';

/** Every service that the change reaches, dependencies first; those of bundles that leave come last, dependents first. */
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
  const givers = dataMoves(leg).map(({ from }) => from);
  return [...staying, ...dropped, ...leaving].flatMap((touch) => (touch === null ? [] : [givingData(touch, givers)]));
}

/** A running service cannot be told that its data has a new name. */
function givingData(touch: Bare, givers: readonly Member[]): Touch {
  const { before, after, running, action } = touch;
  const givesData = running !== null && before !== null && givers.includes(before);
  if (!givesData || after === null || action === 'restart' || action === 'stop-start') return { ...touch, givesData };
  return { ...touch, givesData, action: 'restart', because: 'its data moves' };
}

type Bare = Omit<Touch, 'givesData'>;

function touchStaying(name: ServiceName, member: Member, leg: Leg, asked: ReadonlyMap<string, Wanted>): Bare | null {
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

/** A unit of another manager is only one instance, but `replace` needs two. */
function possible(wanted: Wanted, { manager }: Service): Wanted {
  if (wanted.action !== 'replace' || (manager !== 'systemd' && manager !== 'runit')) return wanted;
  return { action: 'restart', because: `${wanted.because}, and ${manager} keeps one instance only` };
}

function touchLeaving(name: ServiceName, member: Member, leg: Leg): Bare | null {
  const running = runningNow(member, name, leg);
  if (running === null) return null;
  return { name, before: member, after: null, running, action: 'stop', because: 'it leaves with this change' };
}

function runningNow(before: Member | null, name: ServiceName, { facts }: Leg): ServiceFact | null {
  if (before === null) return null;
  const former = { bundle: before.id.name, service: name.service };
  return facts.services.find((fact) => sameService(fact.name, former) && fact.state === 'running') ?? null;
}
