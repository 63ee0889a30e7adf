import fs from 'node:fs';
import path from 'node:path';
import { endProcesses, findProcesses } from '../../../src/system/index.ts';
import { examineRoot } from '../../crash/examine-root.ts';
import { leave, makePlace, type Place, restore, save, succeed } from '../../crash/place.ts';
import { callsOf, runHere, runProgram } from '../../crash/program.ts';
import { freePort } from '../../service/service-world.ts';
import type { Ground } from './part.ts';
import { pointOf } from './point-words.ts';
import { everyKill } from './points.ts';
import { makeServiceBundle } from './service-bundle.ts';

/** An upgrade of what runs, in one of the ways, to be killed at any call. */
export async function prepareService(way: string): Promise<Ground> {
  const place = makePlace(`faults-${way}`);
  const ports = [await freePort(), await freePort()];
  await succeed(place, 'install', await makeServiceBundle(place, '1.0.0', way, ports));
  const archive = await makeServiceBundle(place, '2.0.0', way, ports);
  save(place, 'before');
  const words = ['--root', place.root, '--yes', '--json', 'install', archive];
  const kill = async (at: number, what: string) => {
    fs.rmSync(place.log, { force: true });
    return runProgram(place.program, words, { at, what, below: [place.root, place.outside], log: place.log });
  };
  await succeed(place, 'service', 'start', 'web');
  const { exit, stderr, stdout } = await kill(0, '');
  await end(place);
  if (exit !== 0) throw new Error(`the upgrade by ${way} ended with ${exit}: ${stdout}${stderr}`);
  return {
    points: everyKill(callsOf(place.log)),
    async judge(point) {
      restore(place, 'before');
      const { at, what } = pointOf(point);
      try {
        await succeed(place, 'service', 'start', 'web');
        await kill(at, what);
        return await judgeService(place);
      } finally {
        await end(place);
      }
    },
    leave: () => leave(place),
  };
}

/** What is installed is what runs, once, with its data in its format. */
async function judgeService(place: Place): Promise<readonly string[]> {
  const first = await runProgram(place.program, ['--root', place.root, 'recover']);
  if (first.exit !== 0) return [`recover ended with ${first.exit}: ${first.stderr}`];
  const second = await runHere(['--root', place.root, 'recover']);
  const isNew = examineRoot(place.root).bundles.join() === 'web 2.0.0';
  const running = findProcesses({ PKG_ROOT: place.root, PKG_SERVICE: 'web/server' });
  const records = fs.readdirSync(path.join(place.root, 'run'));
  const says = await answer(place);
  const hasMigrated = fs.existsSync(path.join(place.root, 'data/web/format'));
  return [
    ...(/nothing to recover/.test(second.stderr) ? [] : [`the second recover said: ${second.stderr}`]),
    ...(running.length === 1 ? [] : [`${running.length} servers run`]),
    ...(records.join() === 'web.server.json' ? [] : [`records: ${records.join()}`]),
    ...(says === (isNew ? '2.0.0' : '1.0.0') ? [] : [`it says ${says}`]),
    ...(hasMigrated === isNew ? [] : [`its data ${hasMigrated ? 'was' : 'was not'} migrated`]),
  ];
}

async function answer({ root }: Place): Promise<string | null> {
  const { port } = JSON.parse(fs.readFileSync(path.join(root, 'run/web.server.json'), 'utf8'));
  const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
  return response.headers.get('x-version');
}

function end({ root }: Place): Promise<number[]> {
  return endProcesses({ PKG_ROOT: root }, { graceMs: 0 });
}
