import fs from 'node:fs';
import { examineRoot, listTree } from '../../crash/examine-root.ts';
import { callsOf } from '../../crash/fault.ts';
import { makeBundle } from '../../crash/make-bundle.ts';
import { leave, makePlace, type Place, restore, save, succeed } from '../../crash/place.ts';
import { runProgram } from '../../crash/program.ts';
import type { Ground } from './part.ts';
import { pointOf } from './point-words.ts';
import { everyKill } from './points.ts';

/** Three generations of which gc shall leave one; what is live may never change, and a second gc finishes the first. */
export async function prepareGc(): Promise<Ground> {
  const place = makePlace('faults-gc');
  for (const version of ['1.0.0', '2.0.0', '3.0.0'])
    await succeed(place, 'install', await makeBundle(place, { name: 'perl', version }));
  save(place, 'before');
  const gc = (at: number, what: string) => {
    fs.rmSync(place.log, { force: true });
    const words = ['--root', place.root, '--yes', 'gc', '--keep', '1'];
    return runProgram(place.program, words, { at, what, below: [place.root], log: place.log });
  };
  const clean = await gc(0, '');
  if (clean.exit !== 0) throw new Error(clean.stderr);
  const [calls, must] = [callsOf(place.log), lookAt(place)];
  return {
    points: everyKill(calls),
    async judge(point) {
      restore(place, 'before');
      const { at, what } = pointOf(point);
      const { state } = lookAt(place);
      await gc(at, what);
      const recovery = await runProgram(place.program, ['--root', place.root, 'recover']);
      const between = lookAt(place).state;
      const second = await gc(0, '');
      const now = lookAt(place);
      return [
        ...[recovery, second]
          .filter(({ exit }) => exit !== 0)
          .map(({ exit, stderr }) => `ended with ${exit}: ${stderr}`),
        ...(between === state && now.state === state ? [] : [`live became ${between}, then ${now.state}`]),
        ...(now.paths === must.paths ? [] : [`the disk is another than after one gc: ${now.paths}`]),
      ];
    },
    leave: () => leave(place),
  };
}

function lookAt({ root }: Place) {
  const paths = listTree(root, false).map((line) => line.split(' ')[0] ?? '');
  return {
    state: JSON.stringify(examineRoot(root)),
    paths: paths.filter((name) => !/^(transactions|lock)\b/.test(name)).join('\n'),
  };
}
