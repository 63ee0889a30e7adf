import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../../error.ts';
import { syncFolder } from './write-durably.ts';

const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin';

/** Returns when every file and folder below `folder` is on the disk. */
export async function flushPayload(folder: string, searchPath = SYSTEM_PATH): Promise<void> {
  const answer = await syncFileSystem(folder, searchPath);
  if (answer.kind === 'synced') return;
  // Only a missing tool may fall back. After a write-back error the kernel calls the lost pages clean,
  // so that asking again with fsync would answer "all well".
  if (answer.kind === 'failed') {
    throw new PkgError('system-failed', `cannot make ${folder} durable: ${answer.reason}`, {
      hint: 'look at the kernel log (dmesg) for disk errors before trying again',
    });
  }
  syncEach(folder);
}

type Answer = { readonly kind: 'synced' | 'unavailable' } | { readonly kind: 'failed'; readonly reason: string };

/** One syncfs(2) through sync(1): Node has no call for it, and it is several times faster than one fsync per file. */
function syncFileSystem(folder: string, searchPath: string): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn('sync', ['-f', '--', folder], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { LC_ALL: 'C', PATH: searchPath },
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.on('error', () => resolve({ kind: 'unavailable' }));
    child.on('close', (code, signal) => {
      if (code === 0) resolve({ kind: 'synced' });
      else if (/(invalid|unrecognized|illegal) option/.test(said)) resolve({ kind: 'unavailable' });
      else resolve({ kind: 'failed', reason: said.trim() || `sync ended with ${signal ?? code}` });
    });
  });
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
