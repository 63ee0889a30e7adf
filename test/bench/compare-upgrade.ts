import { join } from 'node:path';
import type { Installed } from './compare-install.ts';
import { changeTree } from './make-tree.ts';
import { memoryRow, type Row, ratioRow } from './report.ts';
import { run, runWatched, settle } from './run.ts';
import { rounds, type World } from './world.ts';

/** An upgrade in which one file in twenty changed, against the fresh install in the same root. */
export function compareUpgrade(world: World, installed: readonly Installed[]): readonly Row[] {
  const changed = changeTree(world.tree, '1.1.0');
  run([...world.pkg, 'build', world.tree.folder, '-o', join(world.folder, 'archives')]);
  const archive = join(world.folder, 'archives/bench-1.1.0.tgz');
  const ours: number[] = [];
  const grown: number[] = [];
  const peaks: number[] = [];
  for (const round of rounds(world, 'upgrade')) {
    const root = installed[round - 1]?.root ?? '';
    const before = usedBy(root);
    settle();
    const done = runWatched([...world.pkg, '--root', root, '-y', 'install', archive]);
    ours.push(done.seconds);
    if (done.peak !== null) peaks.push(done.peak);
    settle();
    grown.push(usedBy(root) - before);
  }
  const fresh = installed.map(({ seconds }) => seconds);
  return [
    ratioRow('upgrade with 5 % of the files changed, against install', { ours, theirs: fresh, target: 0.35 }),
    memoryRow('upgrade', peaks),
    growthRow(Math.max(...grown), changed),
  ];
}

// The kept archive is as large as it was: what is shared is what is unpacked.
function usedBy(root: string): number {
  return Number(run(['du', '-s', '--block-size=1', '--exclude=archives', root]).stdout.split('\t')[0]);
}

function growthRow(grown: number, changed: { readonly files: number; readonly bytes: number }): Row {
  const measured = `${(grown / 1e6).toFixed(1)} MB for ${changed.files} files of ${(changed.bytes / 1e6).toFixed(1)} MB`;
  const what = 'growth by that upgrade, against the changed files';
  return { what, measured, value: grown / changed.bytes, unit: 'x', target: null };
}
