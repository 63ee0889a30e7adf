import { spawn } from 'node:child_process';
import { PkgError } from '../../error.ts';

const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin';

/** One syncfs(2) through sync(1): Node has no call for it, and it is several times faster than one fsync per file. False where there is no such program. */
export async function syncFileSystem(folder: string, searchPath = SYSTEM_PATH): Promise<boolean> {
  const answer = await askSync(folder, searchPath);
  if (answer.kind !== 'failed') return answer.kind === 'synced';
  throw new PkgError('system-failed', `cannot make ${folder} durable: ${answer.reason}`, {
    hint: 'look at the kernel log (dmesg) for disk errors before trying again',
  });
}

type Answer = { readonly kind: 'synced' | 'unavailable' } | { readonly kind: 'failed'; readonly reason: string };

function askSync(folder: string, searchPath: string): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn('sync', ['-f', '--', folder], {
      // Ctrl-C asks us to stop in good order: it must not look like a disk that failed
      detached: true,
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
