import fs from 'node:fs';
import path from 'node:path';
import { flushPayload, removeTree, syncFolder } from '../../system/index.ts';
import type { StepHandler } from '../step-handler.ts';
import type { World } from '../world.ts';
import { copyTree } from './copy-tree.ts';
import { removeOtherAttributes } from './remove-other-attributes.ts';
import { removeOthers } from './remove-others.ts';

/** A whole copy of a data folder, on the disk before anything changes it; undo makes the folder equal to it again. */
export const backupData: StepHandler<'backup-data'> = {
  repeatable: true,

  async do({ name, folder, copy, timeout }, world) {
    const unfinished = unfinishedOf(copy);
    removeTree(unfinished);
    fs.mkdirSync(unfinished, { mode: 0o700 });
    if (fs.existsSync(folder)) {
      const abort = world.interruptHooks();
      await copyTree({ from: folder, to: unfinished, purpose: `${name}-backup`, timeout, abort }, world);
    }
    await flushPayload(unfinished);
    // A copy that is there under its name is complete.
    fs.renameSync(unfinished, copy);
    syncFolder(path.dirname(copy));
  },

  async undo({ name, folder, copy, timeout }, world) {
    if (fs.existsSync(copy)) {
      if (fs.lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) removeTree(folder);
      fs.mkdirSync(folder, { recursive: true });
      removeOthers(folder, copy);
      const left = await removeOtherAttributes(folder, copy);
      await copyTree({ from: copy, to: folder, purpose: `${name}-restore`, timeout }, world);
      // Files that could not be written were made anew.
      if (left > 0) await warnOfAttributes(folder, copy, world);
      await flushPayload(folder);
    }
    dropCopy(copy);
  },
};

async function warnOfAttributes(folder: string, copy: string, { tell }: World): Promise<void> {
  const left = await removeOtherAttributes(folder, copy);
  if (left === 0) return;
  tell({ event: 'warning', message: `${left} files in ${folder} keep extended attributes that were added to them` });
}

/** Removes a copy that is not needed any more; whenever it is cut short, there is a whole one or none of that name. */
export function dropCopy(copy: string): void {
  const unfinished = unfinishedOf(copy);
  if (fs.existsSync(copy)) {
    removeTree(unfinished);
    fs.renameSync(copy, unfinished);
    // Else a power cut could bring back the name of what is half removed.
    syncFolder(path.dirname(copy));
  }
  removeTree(unfinished);
}

function unfinishedOf(copy: string): string {
  return `${copy}.part`;
}
