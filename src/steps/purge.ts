import fs from 'node:fs';
import { discard, type Layout, noteDataFormat } from '../store/index.ts';
import { emptyTree, syncFolder } from '../system/index.ts';
import { isInstalledAgain } from './is-installed-again.ts';
import { recordsInRun } from './service/records-in-run.ts';
import type { StepHandler } from './step-handler.ts';

/**
 * After COMMIT, on request: the data, every configuration revision, the kept runs of checks and how its services were
 * started, of a bundle that left.
 */
export const purge: StepHandler<'purge'> = {
  repeatable: true,

  async do(step, world) {
    if (isInstalledAgain(step.name, `data and configuration of ${step.name} are not deleted`, world)) return;
    const { layout } = world;
    discardData(layout.dataOf(step.name), (folder) => discard(layout, folder));
    discard(layout, layout.configOf(step.name));
    discard(layout, layout.checksOf(step.name));
    // Deleted for good is what no power cut brings back.
    for (const folder of [layout.data, layout.config]) syncFolder(folder);
    noteDataFormat(layout, step.name, null);
    forgetServices(step.name, layout);
  },

  async undo() {
    // Only ever cleaning: it runs after COMMIT, where nothing is undone.
  },
};

/** Their settings stand in it, secrets as well. */
function forgetServices(name: string, layout: Layout): void {
  const own = recordsInRun(layout).filter(({ bundle }) => bundle === name);
  for (const { file } of own) fs.rmSync(file, { force: true });
  if (own.length > 0) syncFolder(layout.run);
}

/** A data folder may be a mount point, which nobody can move away. */
function discardData(folder: string, away: (folder: string) => void): void {
  try {
    away(folder);
  } catch (error) {
    if (!['EBUSY', 'EXDEV'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    emptyTree(folder);
  }
}
