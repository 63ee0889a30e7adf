import { type Manager, type Service, type ServiceAt, type Step, serviceTitle } from '../../../model/index.ts';
import type { Member } from '../../member.ts';
import type { Leg } from '../leg.ts';

/** Before services start: writes their units, and disables units of the distribution for the same services. */
export function stepsForUnitsThatCome(leg: Leg): readonly Step[] {
  const units = now(leg, keepsUnits);
  const taking = now(leg, takesAPlace).filter((one) => !hasTaken(before(leg, takesAPlace), one));
  return [
    ...forServices(units, {
      kind: 'write-units',
      summary: `write the units of ${titles(units)}`,
      undo: 'put the former ones back',
    }),
    ...forServices(taking, {
      kind: 'supersede-units',
      summary: `stop and disable ${placesOf(taking)} of the distribution for ${titles(taking)}`,
      undo: 'enable and start them as they were',
    }),
  ];
}

/** After services have stopped: removes the units of those that leave, and gives back the units they superseded. */
export function stepsForUnitsThatLeave(leg: Leg): readonly Step[] {
  const units = before(leg, keepsUnits).filter((one) => !isAmong(now(leg, keepsUnits), one));
  const giving = before(leg, takesAPlace).filter((one) => !isAmong(now(leg, takesAPlace), one));
  return [
    ...forServices(units, {
      kind: 'remove-units',
      summary: `remove the units of ${titles(units)}`,
      undo: 'put them back',
    }),
    ...forServices(giving, {
      kind: 'give-back-units',
      summary: `give ${placesOf(giving)} back to the distribution, as it was before ${titles(giving)}`,
      undo: 'stop and disable them again',
    }),
  ];
}

type Declared = { readonly at: ServiceAt; readonly service: Service };

type Words = {
  readonly kind: 'write-units' | 'remove-units' | 'supersede-units' | 'give-back-units';
  readonly summary: string;
  readonly undo: string;
};

function forServices(services: readonly Declared[], words: Words): readonly Step[] {
  if (services.length === 0) return [];
  return [{ ...words, phase: 'apply', services: services.map(({ at }) => at) }];
}

const UNIT_MANAGERS: readonly (Manager | undefined)[] = ['systemd', 'runit'];

function keepsUnits({ manager }: Service): boolean {
  return UNIT_MANAGERS.includes(manager);
}

/** A service that the change does not start supersedes nothing yet. */
function takesAPlace({ supersedes = [], autostart }: Service): boolean {
  return supersedes.length > 0 && autostart !== false;
}

/** Unit files name exact folders, so that those of unchanged bundles are written for each generation, too. */
function now({ members, facts }: Leg, is: (service: Service) => boolean): readonly Declared[] {
  return members.flatMap((member) => declaredBy(member, facts.nextGeneration)).filter(({ service }) => is(service));
}

function before({ installed, facts }: Leg, is: (service: Service) => boolean): readonly Declared[] {
  return installed
    .flatMap((member) => declaredBy(member, facts.current?.number ?? 0))
    .filter(({ service }) => is(service));
}

function declaredBy({ id, manifest }: Member, generation: number): readonly Declared[] {
  return Object.entries(manifest.services ?? {}).map(([name, service]) => ({
    at: { name: { bundle: id.name, service: name }, bundle: id, generation },
    service,
  }));
}

function isAmong(others: readonly Declared[], { at }: Declared): boolean {
  return others.some((other) => serviceTitle(other.at.name) === serviceTitle(at.name));
}

/** A version may supersede more than the one before it. */
function hasTaken(others: readonly Declared[], one: Declared): boolean {
  const places = others.filter((other) => isAmong([other], one)).flatMap(({ service }) => service.supersedes ?? []);
  return (one.service.supersedes ?? []).every((unit) => places.includes(unit));
}

function titles(services: readonly Declared[]): string {
  return services.map(({ at }) => serviceTitle(at.name)).join(', ');
}

function placesOf(services: readonly Declared[]): string {
  return services.flatMap(({ service }) => service.supersedes ?? []).join(', ');
}
