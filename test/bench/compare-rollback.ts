import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { notMeasured, type Row, shown } from './report.ts';
import { has, median, run, settle } from './run.ts';
import { newFolder, rounds, type World } from './world.ts';

/** Going back, in the large bundle and in one of a single file: it should make no difference. */
export function compareRollback(world: World, large: string): readonly Row[] {
  const small = smallRoot(world);
  return [
    rollbackRow(world, large, `rollback of ${world.tree.files} files`),
    rollbackRow(world, small, 'rollback of 1 file'),
    switchRow(world, large),
  ];
}

function smallRoot(world: World): string {
  const [folder, root] = [newFolder(world, 'small'), newFolder(world, 'root-small')];
  for (const version of ['1.0.0', '1.1.0']) {
    writeFileSync(join(folder, 'bundle.json'), JSON.stringify({ name: 'small', version }));
    writeFileSync(join(folder, 'file'), version);
    run([...world.pkg, 'build', folder, '-o', join(world.folder, 'archives')]);
    run([...world.pkg, '--root', root, '-y', 'install', join(world.folder, `archives/small-${version}.tgz`)]);
  }
  return root;
}

function rollbackRow(world: World, root: string, what: string): Row {
  const seconds: number[] = [];
  for (const _ of rounds(world, what)) {
    const command = back(world, root);
    settle();
    seconds.push(run(command).seconds);
  }
  return {
    what,
    measured: `${shown(median(seconds))}, at most ${shown(Math.max(...seconds))}`,
    value: median(seconds),
    unit: 's',
    target: 0.3,
  };
}

// To the generation before the live one: the two versions take turns, and none of them is collected.
function back(world: World, root: string): readonly string[] {
  const listed = run([...world.pkg, '--root', root, '--json', 'list']).stdout;
  const live = (JSON.parse(listed) as { readonly generation: number }).generation;
  return [...world.pkg, '--root', root, '-y', 'rollback', String(live - 1)];
}

const RENAME = /rename(?:at|at2)?\(.*"[^"]*\/current"[^"]*\) += 0 <([\d.]+)>/g;

// What the kernel was asked for: everything that is live changes with the renames onto `current`.
function switchRow(world: World, root: string): Row {
  const what = 'the switch itself';
  if (!has('strace')) return notMeasured(what, 'apt-get install strace');
  const trace = join(world.folder, 'trace');
  const traced = ['strace', '-f', '-T', '-e', 'trace=rename,renameat,renameat2', '-o', trace];
  run([...traced, ...back(world, root)]);
  const times = [...run(['cat', trace]).stdout.matchAll(RENAME)].map((found) => Number(found[1]));
  const measured = `${times.length} rename of ${times.map((time) => (time * 1e6).toFixed(0)).join(', ')} µs`;
  return { what, measured, value: times.length, unit: 'renames', target: 1 };
}
