import fs from 'node:fs';
import path from 'node:path';

/** Puts `data` in place of `file` so that a crash or power cut leaves the whole old or the whole new content. */
export function writeDurably(file: string, data: string | Uint8Array, mode = 0o644): void {
  // The process id keeps two writers of one file apart; whoever renames last wins as a whole.
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);
  try {
    writeAndSync(temporary, data, mode);
    fs.renameSync(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(path.dirname(file));
}

/** Removes what `writeDurably` left in `folder` when it was cut short. Only where nobody else writes now. */
export function removeTemporaries(folder: string): void {
  for (const { name } of temporariesIn(folder)) fs.rmSync(path.join(folder, name), { force: true });
}

/** The same where others may write now, each of which is known by the process id in the name. */
export function removeAbandoned(folder: string): void {
  for (const { name, pid } of temporariesIn(folder)) {
    if (!fs.existsSync(`/proc/${pid}`)) fs.rmSync(path.join(folder, name), { force: true });
  }
}

function temporariesIn(folder: string): readonly { readonly name: string; readonly pid: number }[] {
  return fs.readdirSync(folder).flatMap((name) => {
    const pid = /^\..+\.(\d+)\.tmp$/.exec(name)?.[1];
    return pid === undefined ? [] : [{ name, pid: Number(pid) }];
  });
}

/** Makes names in `folder` durable: what was created, renamed or removed there. */
export function syncFolder(folder: string): void {
  const descriptor = fs.openSync(folder, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function writeAndSync(file: string, data: string | Uint8Array, mode: number): void {
  const { O_CREAT, O_WRONLY, O_TRUNC, O_NOFOLLOW } = fs.constants;
  const descriptor = fs.openSync(file, O_CREAT | O_WRONLY | O_TRUNC | O_NOFOLLOW, 0o600);
  try {
    // open(2) subtracts the umask of whoever started us; the mode asked for is meant exactly.
    fs.fchmodSync(descriptor, mode);
    fs.writeFileSync(descriptor, data);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
