import {
  type Facts,
  type Limits,
  NO_LIMITS,
  NO_OVERRIDES,
  type Overrides,
  type Refusal,
} from '../../src/model/index.ts';
import { findBundles } from '../../src/plan/choose/find-bundles.ts';
import { type Member, membersOf } from '../../src/plan/member.ts';
import { choosePaths, type Paths } from '../../src/plan/paths/choose.ts';
import type { Hop } from '../../src/plan/paths/hop.ts';
import { propose } from '../../src/plan/proposal.ts';
import { target } from '../../src/plan/target.ts';
import type { Extra, World } from './world.ts';

type Wish = {
  /** `db 2.0.0`: what is to be live instead of another version, or beside the rest. */
  readonly to?: readonly string[];
  readonly remove?: readonly string[];
  readonly limits?: Partial<Limits>;
  readonly overrides?: Partial<Overrides>;
};

/** One service `main` that is asked through a control program, and the ways that are declared. */
export function service(upgrade: Extra['upgrade'] = {}, rest: Extra = {}): Extra {
  return { services: { main: { start: ['bin/main'], control: 'bin/ctl' } }, upgrade, ...rest };
}

/** The same machine with every service of what is installed running. */
export function running(idle: World): World {
  const services = membersOf(idle.facts.current, idle.facts).flatMap(({ id, manifest }) =>
    Object.keys(manifest.services ?? {}).map((name): Facts['services'][number] => ({
      name: { bundle: id.name, service: name },
      state: 'running',
      pid: 4711,
      version: id.version,
      port: null,
      generation: 1,
      enabled: true,
      readyAfterMs: null,
    })),
  );
  return idle.fact({ services });
}

/** Which ways are taken: `db 1.0.0 -> 1.2.0 hot`, one list for each hop. */
export function ways(machine: World, wish: Wish): readonly (readonly string[])[] {
  return pathsOf(machine, wish).hops.map((hops) => hops.map(inWords));
}

/** Why others are not: `db 1.0.0 -> db 2.0.0: …`. */
export function whyNot(machine: World, wish: Wish): readonly string[] {
  return pathsOf(machine, wish).rejected.map(({ from, to, why }) => `${from} -> ${to}: ${why}`);
}

/** The refusal where there is no way. */
export function noWay(machine: World, wish: Wish): Refusal {
  const found = attempt(machine, wish);
  if (found.kind === 'paths') throw new Error(`there is a way: ${JSON.stringify(ways(machine, wish))}`);
  return found.refusal;
}

/** The ways, or the refusal. */
export function attempt(
  { facts }: World,
  { to = [], remove = [], limits, overrides }: Wish,
): ReturnType<typeof choosePaths> {
  const wanted = to.map((title) => memberOf(title, facts));
  const moved = [...remove, ...wanted.map(({ id }) => id.name)];
  const members = [...membersOf(facts.current, facts).filter(({ id }) => !moved.includes(id.name)), ...wanted];
  const common = {
    command: 'pkg install',
    config: 'keep',
    settings: {},
    typed: [],
    kind: 'install',
    digests: [],
    names: [],
    remove,
  } as const;
  const request = { ...common, limits: { ...NO_LIMITS, ...limits }, overrides: { ...NO_OVERRIDES, ...overrides } };
  return choosePaths(propose(request, target(members, []), facts));
}

function pathsOf(machine: World, wish: Wish): Paths {
  const found = attempt(machine, wish);
  if (found.kind === 'refusal') throw new Error(`refused: ${JSON.stringify(found.refusal)}`);
  return found;
}

function memberOf(title: string, facts: Facts): Member {
  const [name = '', version] = title.split(' ');
  const found = findBundles(name, facts).find(({ id }) => id.version === version);
  if (found === undefined) throw new Error(`nobody knows ${title}`);
  return { ...found, explicit: true };
}

function inWords({ name, from, to, class: upgradeClass }: Hop): string {
  if (from === null) return `+ ${name} ${to?.id.version}`;
  return to === null ? `- ${name}` : `${name} ${from.id.version} -> ${to.id.version} ${upgradeClass}`;
}
