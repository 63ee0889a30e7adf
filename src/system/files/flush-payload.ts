import fs from 'node:fs';
import path from 'node:path';
import { syncFileSystem } from './sync-file-system.ts';
import { syncFolder } from './write-durably.ts';

/** Returns when every file and folder below `folder` is on the disk. */
export async function flushPayload(folder: string, searchPath?: string): Promise<void> {
  // Only a missing tool may fall back. After a write-back error the kernel calls the lost pages clean,
  // so that asking again with fsync would answer "all well".
  if (!(await syncFileSystem(folder, searchPath))) syncEach(folder);
}

function syncEach(folder: string): void {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const child = path.join(folder, entry.name);
    if (entry.isDirectory()) syncEach(child);
    else if (entry.isFile()) syncFile(child);
  }
  syncFolder(folder);
}

function syncFile(file: string): void {
  const descriptor = fs.openSync(file, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
