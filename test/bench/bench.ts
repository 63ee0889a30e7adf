import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compareBuild } from './compare-build.ts';
import { compareInstall } from './compare-install.ts';
import { compareLive } from './compare-live.ts';
import { compareMaintenance } from './compare-maintenance.ts';
import { compareReplace } from './compare-replace.ts';
import { compareRollback } from './compare-rollback.ts';
import { compareStart } from './compare-start.ts';
import { compareUpgrade } from './compare-upgrade.ts';
import { memoryRow, type Row, table, verdict } from './report.ts';
import { makeWorld, type World } from './world.ts';

// Measures the built program beside other tools, in one run and on one file system, so that ratios mean something.
//   node test/bench/bench.ts [--quick] [--json] [--in FOLDER] [--keep]

const { values: asked } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    in: { type: 'string' },
  },
});
const world = makeWorld({ quick: asked.quick, below: asked.in });
try {
  const live = [...(await compareLive(world)), ...(await compareReplace(world)), ...(await compareMaintenance(world))];
  const rows = [...measure(world), ...live];
  world.say(`${world.tree.files} files, ${(world.tree.bytes / 1e6).toFixed(0)} MB`);
  const text = asked.json
    ? JSON.stringify(
        rows.map((row) => ({ ...row, verdict: verdict(row) })),
        null,
        2,
      )
    : table(rows);
  process.stdout.write(`${text}\n`);
} finally {
  // only now: after many files were deleted, some file systems are slow for minutes
  if (!asked.keep) rmSync(world.folder, { recursive: true, force: true });
}

function measure(within: World): readonly Row[] {
  const built = compareBuild(within);
  const { rows, installed, peaks } = compareInstall(within, built.archive);
  const root = installed[0]?.root ?? '';
  return [
    ...built.rows,
    memoryRow('build', built.peaks),
    ...rows,
    memoryRow('install', peaks),
    ...compareUpgrade(within, installed),
    ...compareRollback(within, root),
    ...compareStart(within, root),
  ];
}
