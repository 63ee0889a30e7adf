import fs from 'node:fs';
import { PkgError } from '../error.ts';
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
    if (step.owner === null || existed(note)) return;
    fs.chmodSync(folder, 0o750);
    const owner = await findUser(step.owner);
    if (owner === null) throw noSuchUser(step.owner);
    fs.chownSync(folder, owner.uid, owner.gid);
  },

  async undo(step, { layout }, note) {
    const folder = layout.dataOf(step.bundle.name);
    if (existed(note) || !fs.existsSync(folder) || fs.readdirSync(folder).length > 0) return;
    fs.rmdirSync(folder);
  },
};

function existed(note: unknown): boolean {
  return (note as { readonly existed?: boolean } | undefined)?.existed !== false;
}

function noSuchUser(name: string): PkgError {
  return new PkgError('step-failed', `cannot give the data folder to ${name}: there is no such user`, {
    hint: 'create it first, for example with pkg:create-user in preinstall',
  });
}
