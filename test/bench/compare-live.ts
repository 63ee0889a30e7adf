import { type LiveService, startAlone, startLive } from './live-service.ts';
import { type Load, type Seen, startLoad } from './load.ts';
import { type Row, ratioRow, shown } from './report.ts';
import { median } from './run.ts';
import { rounds, type World } from './world.ts';

const FEW = 2;
const MANY = 32;
const RELOAD = 0.01;

/** Upgrades and downgrades of a web server that is asked all the time: nobody may be turned away by a reload. */
export async function compareLive(world: World): Promise<readonly Row[]> {
  return [...(await reloadRows(world)), await restartRow(world)];
}

async function reloadRows(world: World): Promise<readonly Row[]> {
  const service = await startLive(world, 'reload');
  try {
    const few = await underLoad(world, service, FEW);
    const many = await underLoad(world, service, MANY);
    const quiet = await changes(world, service, 'reload without visitors');
    return [failedRow(FEW, few), failedRow(MANY, many), addedRow(quiet)];
  } finally {
    await service.stop();
  }
}

async function restartRow(world: World): Promise<Row> {
  const alone: number[] = [];
  for (const _ of rounds(world, 'start without pkg')) alone.push(await startAlone(world));
  const service = await startLive(world, 'restart');
  try {
    const seen = await underLoad(world, service, FEW);
    const gaps = seen.map(({ gap }) => gap);
    return ratioRow('nobody answered during a restart, against a start by hand', {
      ours: gaps,
      theirs: gaps.map(() => median(alone)),
      target: 2,
    });
  } finally {
    await service.stop();
  }
}

/** What visitors saw during each change. */
async function underLoad(world: World, service: LiveService, visitors: number): Promise<readonly Seen[]> {
  const load = startLoad(service.port, visitors);
  try {
    return await changes(world, { change: () => watched(load, service) }, `changes under ${visitors} visitors`);
  } finally {
    await load.leave();
  }
}

async function watched(load: Load, service: LiveService): Promise<Seen> {
  load.look();
  await service.change();
  return load.look();
}

/** Up and down again, as often as the world wants. */
async function changes<T>(world: World, { change }: { change(): Promise<T> }, what: string): Promise<readonly T[]> {
  const each: T[] = [];
  world.say(`${2 * world.changes} ${what} …`);
  for (let round = 0; round < 2 * world.changes; round += 1) each.push(await change());
  return each;
}

function failedRow(visitors: number, seen: readonly Seen[]): Row {
  const sum = (of: (one: Seen) => number): number => seen.reduce((total, one) => total + of(one), 0);
  const failed = sum((one) => one.failed);
  const longest = Math.max(...seen.map(({ gap }) => gap));
  return {
    what: `${seen.length} reloads under ${visitors} visitors`,
    measured: `${failed} of ${sum((one) => one.requests)} requests failed, longest silence ${shown(longest)}`,
    value: failed,
    unit: 'failed',
    target: 0,
  };
}

function addedRow(seconds: readonly number[]): Row {
  const value = median(seconds) - RELOAD;
  const measured = `${shown(median(seconds))}, at most ${shown(Math.max(...seconds))}`;
  return { what: 'what pkg adds to a reload of 10 ms', measured, value, unit: 's', target: 0.4 };
}
