import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../../error.ts';
import { quoted } from '../../model/index.ts';
import { syncFolder } from './write-durably.ts';

/** Lets `link` name `target` by one rename: whoever looks sees the old or the new link, never none. */
export function replaceSymlink(target: string, link: string, temporaryFolder: string): void {
  refuseWhatIsNoLink(link);
  const temporary = path.join(temporaryFolder, `${path.basename(link)}.${process.pid}.link`);
  fs.rmSync(temporary, { force: true });
  fs.symlinkSync(target, temporary);
  try {
    fs.renameSync(temporary, link);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(path.dirname(link));
}

/** rename(2) would silently take the place of a file that somebody put there. */
function refuseWhatIsNoLink(link: string): void {
  const found = fs.lstatSync(link, { throwIfNoEntry: false });
  if (found === undefined || found.isSymbolicLink()) return;
  const what = found.isDirectory() ? 'directory' : 'file';
  throw new PkgError('system-failed', `cannot replace the link ${link}: a ${what} stands in its place`, {
    hint: `move ${quoted(link)} away, then run: pkg recover`,
  });
}
