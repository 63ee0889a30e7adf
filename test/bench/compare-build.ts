import { statSync } from 'node:fs';
import { join } from 'node:path';
import { notMeasured, type Row, ratioRow } from './report.ts';
import { has, run, runWatched, settle } from './run.ts';
import { newFolder, rounds, type World } from './world.ts';

export type Built = { readonly rows: readonly Row[]; readonly archive: string; readonly peaks: readonly number[] };

/** `pkg build` against `tar czf`, and against `pigz`, which compresses on all processors as we do. */
export function compareBuild(world: World): Built {
  const ours: number[] = [];
  const tar: number[] = [];
  const pigz: number[] = [];
  const peaks: number[] = [];
  const out = newFolder(world, 'archives');
  const theirs = { tar: join(out, 'tar.tgz'), pigz: join(out, 'pigz.tgz') };
  for (const _ of rounds(world, 'build')) {
    settle();
    tar.push(run(['tar', 'czf', theirs.tar, '-C', world.tree.folder, '.']).seconds);
    settle();
    const built = runWatched([...world.pkg, 'build', world.tree.folder, '-o', out]);
    ours.push(built.seconds);
    if (built.peak !== null) peaks.push(built.peak);
    if (!has('pigz')) continue;
    settle();
    pigz.push(run(['sh', '-c', 'tar cf - -C "$1" . | pigz -p2 > "$2"', 'sh', world.tree.folder, theirs.pigz]).seconds);
  }
  const archive = join(out, 'bench-1.0.0.tgz');
  const rows = [ratioRow('build, against tar czf', { ours, theirs: tar, target: 0.5 })];
  if (!has('pigz'))
    return { rows: [...rows, notMeasured('build, against tar | pigz -p2', 'apt-get install pigz')], archive, peaks };
  const against = ratioRow('build, against tar | pigz -p2', { ours, theirs: pigz, target: 1 });
  return { rows: [...rows, against, sizeRow(archive, theirs.pigz)], archive, peaks };
}

function sizeRow(ours: string, theirs: string): Row {
  const [mine, other] = [statSync(ours).size, statSync(theirs).size];
  const measured = `${(mine / 1e6).toFixed(1)} MB against ${(other / 1e6).toFixed(1)} MB`;
  return { what: 'size of the archive, against pigz', measured, value: mine / other, unit: 'x', target: 1.03 };
}
