import { examineRoot, listTree } from '../../crash/examine-root.ts';
import { callsOf, changedElsewhere, startFresh } from '../../crash/fault.ts';
import { judgeCause, type Point } from '../../crash/judge.ts';
import { judgeRest } from '../../crash/judge-rest.ts';
import { makeBundle } from '../../crash/make-bundle.ts';
import { leave, makePlace, type Place, restore, save, succeed } from '../../crash/place.ts';
import { type Run, runHere, runProgram } from '../../crash/program.ts';
import type { Ground } from './part.ts';
import { pointOf } from './point-words.ts';
import { TROUBLES, type Trouble } from './points.ts';

/** Three generations of which gc shall leave one; what is live may never change, and a second gc finishes the first. */
export async function prepareGc(trouble: Trouble): Promise<Ground> {
  const place = makePlace('faults-gc');
  for (const version of ['1.0.0', '2.0.0', '3.0.0'])
    await succeed(place, 'install', await makeBundle(place, { name: 'perl', version }));
  save(place, 'before');
  const gc = (point: Point) => {
    const words = ['--root', place.root, '--yes', '--json', 'gc', '--keep', '1'];
    return runProgram(place.program, words, { ...point, below: [place.root], log: startFresh(place) });
  };
  const { state } = lookAt(place);
  const clean = await gc(NOTHING);
  if (clean.exit !== 0) throw new Error(clean.stderr);
  const [calls, must] = [callsOf(place.log), lookAt(place)];
  return {
    points: TROUBLES[trouble](calls),
    async judge(words) {
      restore(place, 'before');
      const point = pointOf(words);
      const run = await gc(point);
      const problems = [
        ...changedElsewhere(place.log),
        ...(run.exit === null && trouble === 'kill' ? [] : judgeEnd(run, point, place, must)),
      ];
      const recovery = await runProgram(place.program, ['--root', place.root, 'recover']);
      const between = lookAt(place).state;
      const second = await gc(NOTHING);
      const now = lookAt(place);
      const again = await runHere(['--root', place.root, 'recover']);
      return [
        ...problems,
        ...[recovery, second, again]
          .filter(({ exit }) => exit !== 0)
          .map(({ exit, stderr }) => `ended with ${exit}: ${stderr}`),
        ...(between === state && now.state === state ? [] : [`live became ${between}, then ${now.state}`]),
        ...(now.paths === must.paths ? [] : [`the disk is another than after one gc: ${now.paths}`]),
        ...(again.stderr.includes('nothing to recover') ? [] : [`recover said: ${again.stderr}`]),
        ...(await judgeRest(place)),
      ];
    },
    leave: () => leave(place),
  };
}

const NOTHING: Point = { at: 0, what: '' };

/** Who says that all is collected has left nothing; who does not names the reason. */
function judgeEnd(run: Run, point: Point, place: Place, must: Seen): readonly string[] {
  if (run.exit !== 0) return judgeCause(run, point, place);
  const { paths } = lookAt(place);
  return paths === must.paths || /"event":"warning"/.test(run.stdout) ? [] : [`it left, and said nothing of: ${paths}`];
}

type Seen = ReturnType<typeof lookAt>;

function lookAt({ root }: Place) {
  const paths = listTree(root, false).map((line) => line.split(' ')[0] ?? '');
  return {
    state: JSON.stringify(examineRoot(root)),
    paths: paths.filter((name) => !/^(transactions|lock)\b/.test(name)).join('\n'),
  };
}
