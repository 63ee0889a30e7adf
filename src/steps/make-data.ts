import fs from 'node:fs';
import { PkgError } from '../error.ts';
import { syncFolder } from '../system/index.ts';
import { findUser } from './find-user.ts';
import type { StepHandler } from './step-handler.ts';

/** The folder for what outlives every version. Undo never removes anything that was written into it. */
export const makeData: StepHandler<'make-data'> = {
  repeatable: true,

  async note(step, { layout }) {
    return { existed: fs.existsSync(layout.dataOf(step.bundle.name)) };
  },

  async do(step, { layout }, note) {
    const folder = layout.dataOf(step.bundle.name);
    fs.mkdirSync(folder, { recursive: true });
    // A folder that was there before keeps the owner and mode the operator may have given it.
    if (existed(note)) return;
    if (step.owner !== null) await giveTo(step.owner, folder);
    // A service that is committed must find it after a power cut, too.
    for (const one of [folder, layout.data]) syncFolder(one);
  },

  async undo(step, { layout }, note) {
    const folder = layout.dataOf(step.bundle.name);
    if (existed(note) || !fs.existsSync(folder) || fs.readdirSync(folder).length > 0) return;
    fs.rmdirSync(folder);
  },
};

async function giveTo(name: string, folder: string): Promise<void> {
  fs.chmodSync(folder, 0o750);
  const owner = await findUser(name);
  if (owner === null) throw noSuchUser(name);
  fs.chownSync(folder, owner.uid, owner.gid);
}

function existed(note: unknown): boolean {
  return (note as { readonly existed?: boolean } | undefined)?.existed !== false;
}

function noSuchUser(name: string): PkgError {
  return new PkgError('step-failed', `cannot give the data folder to ${name}: there is no such user`, {
    hint: 'create it first, for example with pkg:create-user in preinstall',
  });
}
