import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { countSessions, type Names, pageToDo } from '../support/page.ts';
import { machine } from './yakaz-cluster.ts';
import { LOADED, release2011_1, release2011_2, release2011_3, released } from './yakaz-releases.ts';
import { type YakazWorld, yakazWorld } from './yakaz-world.ts';

const PAGE = 'stories/yakaz.md';
const NODE = ['20111', 'to-20112-in-the-running-node', 'back', 'another-erlang', 'removing'];
const OF_OTP = 'by-the-release-handler-of-otp';
const SHARED = 'tables-that-nodes-share';

describe('the page of the story of Yakaz', () => {
  needs('erl', 'root', 'useradd', 'curl', '/var/lib/dpkg/info/erlang-mnesia.list');

  it('is what an operator sees who types what stands there, and at its end nothing is left', async () => {
    const world = await yakazWorld();
    await release2011_1(world);
    await release2011_2(world);
    await release2011_3(world);
    await world.application('my_app1', '1.0.0+2', { more: LOADED });
    await world.erlang('25.2.3+2');
    for (const section of NODE) await done(section, world);
    expect(await world.leftovers()).toEqual([]);
  });

  it('is what is seen where the release handler of OTP changes the release', async () => {
    const world = await released();
    await world.next();
    await done(OF_OTP, world);
    expect(await world.node()).toMatchObject({ state: 'running', runningVersion: '2011.1.0' });
  });

  it('is what is seen where nodes share their tables', async () => {
    const [one, two] = [await machine(), await machine()];
    await two.install('two', { cluster: 'join', member: 'one@127.0.0.1' }, one.epmd);
    const page = pageToDo(`${PAGE}#${SHARED}`, two, namesOf(two));
    const refused = await page.goesOn();
    expect(refused.happened).toBe(refused.shown);
    await one.ok(...(await one.install('one', { cluster: 'first' })));
    const joined = await page.goesOn();
    expect(joined.happened).toBe(joined.shown);
    expect((await one.ask()).members).toEqual(['one@127.0.0.1']);
  });

  it('is typed as a whole', () => {
    const typed = [...NODE, OF_OTP, SHARED].map((section) => countSessions(`${PAGE}#${section}`));
    expect(typed.reduce((sum, one) => sum + one)).toBe(countSessions(PAGE));
  });
});

async function done(section: string, world: YakazWorld): Promise<void> {
  const page = pageToDo(`${PAGE}#${section}`, world, namesOf(world));
  while (page.left() > 0) {
    const { shown, happened } = await page.goesOn();
    expect.soft(happened).toBe(shown);
  }
}

function namesOf({ home, root, port, epmd }: Pick<YakazWorld, 'home' | 'root' | 'port' | 'epmd'>): Names {
  return { '/srv/my-service': root, '/srv/apps': join(home, 'sources'), '/srv/incoming': home, 8080: port, 4369: epmd };
}
