import { type YakazWorld, yakazWorld } from './yakaz-world.ts';

/** A root in which release 2011.1.0 runs. */
export async function installed(): Promise<YakazWorld> {
  const world = await yakazWorld();
  await world.ok('install', '-y', ...(await release2011_1(world)));
  return world;
}

/** What is installed to get release 2011.1.0. */
export async function release2011_1(world: YakazWorld): Promise<readonly string[]> {
  return [
    await world.erlang('25.2.3'),
    await world.application('my_app1', '1.0.0'),
    await world.application('other_app', '1.0.0'),
    await world.release('2011.1.0', { erlang: '25.x', my_app1: '1.0.0', other_app: '1.0.0' }),
  ];
}

/** The same with another Erlang, which is only come to from nothing. */
export async function release2011_3(world: YakazWorld): Promise<readonly string[]> {
  const depends = { erlang: '25.3.0', my_app1: '1.0.0', other_app: '1.0.0' };
  return [
    await world.erlang('25.3.0'),
    await world.release('2011.3.0', depends, { default: { up: 'base', down: 'base' } }),
  ];
}

/** What is installed to get to release 2011.2.0. */
export async function release2011_2(world: YakazWorld): Promise<readonly string[]> {
  return [
    await world.application('my_app1', '1.1.0', { more: LOADED }),
    await world.application('my_app2', '1.0.0'),
    await world.release('2011.2.0', { erlang: '25.x', my_app1: '1.1.0', my_app2: '1.0.0' }, TO_2011_2),
  ];
}

/** The step that makes the node run these applications, and those on the way down. */
function runs(up: readonly string[], down: readonly string[]) {
  const apply = { up: ['my_service', 'run', [up]], down: ['my_service', 'run', [down]] };
  return { call: 'node', extra: { load: ['my_service'], apply } };
}

const TO_2011_2 = {
  up: [{ from: '2011.1.x', steps: [runs(['my_app1', 'my_app2'], ['my_app1', 'other_app'])] }],
  down: [{ to: '2011.1.x', steps: [runs(['my_app1', 'my_app2'], ['my_app1', 'other_app'])] }],
};

const RELOAD = { call: 'my-service/node', extra: { load: ['my_app1'] } };

/** How a version of my_app1 takes the place of another in the node that runs. */
export const LOADED = {
  upgrade: { up: [{ from: '1.0.x', steps: [RELOAD] }], down: [{ to: '1.0.x', steps: [RELOAD] }] },
};

/** A root in which release 2011.1.0 of OTP runs, and the archives of the next one. */
export async function released() {
  const world = await yakazWorld();
  await world.ok(
    'install',
    '-y',
    await world.erlang('25.2.3'),
    await world.pack(world.fill('front', { VERSION: '1.0.0' })),
    await world.application('my_app1', '1.0.0'),
    await world.application('other_app', '1.0.0'),
    await world.otpRelease('2011.1.0', OLD),
  );
  return {
    ...world,
    async next(look: number | string = 0): Promise<readonly string[]> {
      return [
        await world.application('my_app1', '1.1.0'),
        await world.application('my_app2', '1.0.0'),
        await world.otpRelease('2011.2.0', NEW, { upgrade: UPGRADE, earlier: ['2011.1.0'], look }),
      ];
    },
  };
}
/** What release 2011.1.0 of OTP is made of. */
export const OLD = { erlang: '25.2.3', my_front: '1.0.0', my_app1: '1.0.0', other_app: '1.0.0' };
const NEW = { erlang: '25.2.3', my_front: '1.0.0', my_app1: '1.1.0', my_app2: '1.0.0' };

const HANDLED = {
  call: 'node',
  extra: { apply: { up: ['my_front', 'install', ['2011.2.0']], down: ['my_front', 'install', ['2011.1.0']] } },
};

const UPGRADE = { up: [{ from: '2011.1.x', steps: [HANDLED] }], down: [{ to: '2011.1.x', steps: [HANDLED] }] };
