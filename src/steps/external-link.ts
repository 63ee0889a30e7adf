import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../error.ts';
import type { ExternalLink } from '../model/index.ts';
import { syncFolder } from '../system/index.ts';

/** Makes a link outside the root; one of ours that is there already is fine, anything else is left alone. */
export function makeLink(link: ExternalLink): void {
  if (holds(link)) return;
  fs.mkdirSync(path.dirname(link.at), { recursive: true });
  try {
    fs.symlinkSync(link.to, link.at);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new PkgError('clash', `cannot make the link ${link.at}: something else is there`, {
      hint: 'move it away, then try again',
    });
  }
  syncFolder(path.dirname(link.at));
}

/** Removes a link outside the root if it is still ours. */
export function removeLink(link: ExternalLink): void {
  if (!holds(link)) return;
  fs.rmSync(link.at);
  syncFolder(path.dirname(link.at));
}

function holds(link: ExternalLink): boolean {
  try {
    return fs.readlinkSync(link.at) === link.to;
  } catch {
    return false;
  }
}
