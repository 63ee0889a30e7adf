import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { judgeRest } from '../../crash/judge-rest.ts';
import { leave, type Place } from '../../crash/place.ts';
import { runHere, runProgram } from '../../crash/program.ts';
import { lookAt, type Scenario } from '../../crash/scenarios.ts';
import { randomFrom } from '../random-from.ts';
import type { Ground } from './part.ts';
import { copyImage, cutPower, makeImage, onDisk, type Recording, recordDisk } from './power-disk.ts';
import { FILE_SYSTEMS, type FileSystemName } from './power-file-systems.ts';
import { prepareStory } from './stories.ts';

/** A change on a file system whose disk is recorded, and the power cut at so many moments. */
export async function preparePower(story: string, states: number, kind: FileSystemName = 'ext4'): Promise<Ground> {
  const words = [process.execPath, path.join(import.meta.dirname, 'power-worker.ts'), story, String(states), kind];
  const worker = spawn('unshare', ['-m', '--propagation', 'private', ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: worker.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<readonly string[]> => {
    const { value, done } = await answers.next();
    if (done === true) throw new Error(`the worker of ${story} has ended`);
    return JSON.parse(value) as readonly string[];
  };
  return {
    points: await answer(),
    judge(point) {
      worker.stdin.write(`${point}\n`);
      return answer();
    },
    async leave() {
      const ended = once(worker, 'exit');
      worker.stdin.end();
      await ended;
    },
  };
}

/** The same inside a mount namespace that nobody else copies. */
export async function preparePowerHere(story: string, states: number, kind: FileSystemName): Promise<Ground> {
  const scenario = await prepareStory(story);
  const { place } = scenario;
  const stage = path.join(place.folder, 'stage');
  const mount = { at: stage, kind: FILE_SYSTEMS[kind] };
  const base = path.join(place.folder, 'disk');
  await makeImage(base, path.join(place.folder, 'before'), mount);
  const copy = path.join(place.folder, 'recorded');
  copyImage(base, copy);
  const recording = await recordDisk(copy, mount, async () => {
    const { exit, stderr } = await runProgram(place.program, scenario.words);
    if (exit !== 0) throw new Error(`ended with ${exit}: ${stderr}`);
  });
  // A machine that was started again has another one.
  fs.writeFileSync(path.join(place.folder, 'boot-id'), `${crypto.randomUUID()}\n`);
  return {
    points: moments(recording, states),
    async judge(point) {
      const [, cut, , seed] = point.split(' ').map(Number) as [number, number, number, number];
      const image = cutPower(base, recording, { cut, seed });
      return onDisk(image, mount, () => judgeBoot(scenario, cut >= recording.told));
    },
    leave: () => leave(place),
  };
}

function moments({ sent }: Recording, states: number): readonly string[] {
  const random = randomFrom(3);
  return Array.from({ length: states }, (_, n) => `cut ${1 + Math.floor(random() * sent.length)} seed ${n + 1}`);
}

/** What was told to be done is there; before that, all of it or nothing. What hooks left is not ours to make durable. */
async function judgeBoot({ place, before, after }: Scenario, wasTold: boolean): Promise<readonly string[]> {
  const first = await recover(place);
  if (first.failed) return [`${first.shortMessage}: ${first.stderr}`];
  const second = await runHere(['--root', place.root, 'recover']);
  const now = lookAt(place);
  const state = JSON.stringify(now.state);
  const must = state === JSON.stringify(after.state) ? after : before;
  return [
    ...(second.stderr.includes('nothing to recover') ? [] : [`the second recover said: ${second.stderr}`]),
    ...(state === JSON.stringify(must.state) ? [] : [`neither old nor new: ${state}`]),
    ...(wasTold && must !== after ? ['it was told to be done, and is not there'] : []),
    ...(now.outside.join() === must.outside.join() ? [] : [`outside: ${now.outside.join()}`]),
    ...(await judgeRest(place)),
  ];
}

function recover({ folder, program, root }: Place) {
  const line = 'mount --bind "$0" /proc/sys/kernel/random/boot_id && exec "$@"';
  const words = [path.join(folder, 'boot-id'), process.execPath, program, '--root', root, 'recover'];
  return execa('unshare', ['-m', 'sh', '-c', line, ...words], {
    reject: false,
    stdin: 'ignore',
    extendEnv: false,
    env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
  });
}
