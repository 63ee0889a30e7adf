import fs from 'node:fs';
import path from 'node:path';
import { endProcesses, findProcesses } from '../../../src/system/index.ts';
import { callsOf, changedElsewhere, startFresh } from '../../crash/fault.ts';
import { judgeEnd, type Point, saidCommitted, wasCommitted } from '../../crash/judge.ts';
import { judgeLook } from '../../crash/judge-look.ts';
import { judgeRest } from '../../crash/judge-rest.ts';
import { leave, makePlace, type Place, restore, save, succeed } from '../../crash/place.ts';
import { type Run, runHere, runProgram } from '../../crash/program.ts';
import { type Look, lookAt } from '../../crash/scenarios.ts';
import { freePort } from '../../service/service-world.ts';
import type { Ground } from './part.ts';
import { pointOf } from './point-words.ts';
import { TROUBLES, type Trouble } from './points.ts';
import { makeServiceBundle } from './service-bundle.ts';

/** An upgrade of what runs, in one of the ways, to be killed at any call, or with any call failing. */
export async function prepareService(way: string, trouble: Trouble): Promise<Ground> {
  const place = makePlace(`faults-${way}`);
  const ports = [await freePort(), await freePort()];
  await succeed(place, 'install', await makeServiceBundle(place, '1.0.0', way, ports));
  const archive = await makeServiceBundle(place, '2.0.0', way, ports);
  save(place, 'before');
  const upgrade = (point: Point) => {
    const fault = { ...point, below: [place.root, place.outside], log: startFresh(place) };
    return runProgram(place.program, ['--root', place.root, '--yes', '--json', 'install', archive], fault);
  };
  await succeed(place, 'service', 'start', 'web');
  const before = lookAt(place);
  const { exit, stderr, stdout } = await upgrade({ at: 0, what: '' });
  const ends = { before, after: lookAt(place) };
  await end(place);
  if (exit !== 0) throw new Error(`the upgrade by ${way} ended with ${exit}: ${stdout}${stderr}`);
  return {
    points: TROUBLES[trouble](callsOf(place.log)),
    async judge(words) {
      restore(place, 'before');
      try {
        await succeed(place, 'service', 'start', 'web');
        const point = pointOf(words);
        const run = await upgrade(point);
        const isNew = wasCommitted(place, before);
        return [
          ...changedElsewhere(place.log),
          ...(saidCommitted(run) && !isNew ? ['said committed before COMMIT was written'] : []),
          ...(trouble === 'errno' ? await judgeFailure(run, place, { ...ends, isNew, point }) : []),
          ...(await judgeRecovery(place, { ...ends, isNew })),
        ];
      } finally {
        await end(place);
      }
    },
    leave: () => leave(place),
  };
}

type Ends = { readonly before: Look; readonly after: Look; readonly isNew: boolean };

/** What says that it failed has undone everything before it ended: the old server serves. */
async function judgeFailure(
  run: Run,
  place: Place,
  ends: Ends & { readonly point: Point },
): Promise<readonly string[]> {
  const problems = run.exit === 0 || run.exit === 5 ? [] : await judgeRunning(place, { ...ends, isNew: false });
  return [...judgeEnd(run, ends.isNew, ends.point), ...problems.map((problem) => `not undone: ${problem}`)];
}

async function judgeRecovery(place: Place, ends: Ends): Promise<readonly string[]> {
  const first = await runProgram(place.program, ['--root', place.root, 'recover']);
  if (first.exit !== 0) return [`recover ended with ${first.exit}: ${first.stderr}`];
  const second = await runHere(['--root', place.root, 'recover']);
  return [
    ...(/nothing to recover/.test(second.stderr) ? [] : [`the second recover said: ${second.stderr}`]),
    ...judgeLook(() => lookAt(place), ends),
    ...(await judgeRunning(place, ends)),
    ...(await judgeRest(place)),
  ];
}

/** What is installed is what runs, once, with its data in its format. */
async function judgeRunning(place: Place, { isNew }: Ends): Promise<readonly string[]> {
  const running = findProcesses({ PKG_ROOT: place.root, PKG_SERVICE: 'web/server' });
  const records = fs.readdirSync(path.join(place.root, 'run'));
  const says = await answer(place).catch((error: unknown) => String(error));
  const hasMigrated = fs.existsSync(path.join(place.root, 'data/web/format'));
  return [
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
