import { get } from 'node:http';
import { startBehind } from './live-service.ts';
import type { ProxyName } from './live-proxy.ts';
import { startLoad } from './load.ts';
import { notMeasured, type Row, shown } from './report.ts';
import { has, median } from './run.ts';
import type { World } from './world.ts';

const VISITORS = 8;

/** One change in so many is made while somebody waits for an answer that takes ten seconds. */
const LONG_EVERY = 5;

/**
 * Upgrades and downgrades by an instance beside the old one: behind a proxy nobody may notice anything. An nginx that
 * reloads closes the connections it keeps, and whoever is about to ask over one of them asks again.
 */
export async function compareReplace(world: World): Promise<readonly Row[]> {
  return [...(await replaceRows(world, 'nginx')), ...(await replaceRows(world, 'haproxy'))];
}

async function replaceRows(world: World, proxy: ProxyName): Promise<readonly Row[]> {
  if (!has(proxy)) return [notMeasured(`replaced behind ${proxy}`, `apt-get install ${proxy}`)];
  const service = await startBehind(world, proxy);
  const load = startLoad(service.port, VISITORS, { asksAgain: true });
  const [seconds, long]: [number[], boolean[]] = [[], []];
  world.say(`${2 * world.changes} changes behind ${proxy} …`);
  try {
    for (let round = 0; round < 2 * world.changes; round += 1) {
      const before = await versionAt(service.port, '/');
      const slow = round % LONG_EVERY === 0 ? versionAt(service.port, '/long') : null;
      seconds.push(await service.change());
      if (slow !== null) long.push((await slow) === before);
    }
    const { requests, failed, again, gap } = load.look();
    const kept = again === 0 ? '' : `, ${again} asked again`;
    const asked = `${failed} of ${requests} requests failed${kept}, longest silence ${shown(gap)}`;
    const ended = `${long.filter((isOld) => isOld).length} of ${long.length} ended on the old instance`;
    return [
      row(`${seconds.length} changes behind ${proxy}, ${VISITORS} visitors`, asked, failed),
      row(`requests of 10 s during a change behind ${proxy}`, ended, long.filter((isOld) => !isOld).length),
      { what: `one change behind ${proxy}`, measured: shown(median(seconds)), value: null, unit: '', target: null },
    ];
  } finally {
    await load.leave();
    await service.stop();
  }
}

function row(what: string, measured: string, failed: number): Row {
  return { what, measured, value: failed, unit: 'failed', target: 0 };
}

/** The version that answered, or null where none did. */
function versionAt(port: number, path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const request = get({ port, path, host: '127.0.0.1', agent: false }, (response) => {
      response.resume();
      response.on('error', () => resolve(null));
      response.on('close', () => resolve(response.complete ? String(response.headers['x-version']) : null));
    });
    request.on('error', () => resolve(null));
  });
}
