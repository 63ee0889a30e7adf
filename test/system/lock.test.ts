import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readHolder, takeLock } from '../../src/system/index.ts';

let folder = '';
let lockFile = '';
const started: ChildProcess[] = [];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-lock-'));
  lockFile = path.join(folder, 'lock');
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  fs.rmSync(folder, { recursive: true });
});

const since = '2026-03-04T12:01:30.000Z';
const clock = `${String(new Date(since).getHours()).padStart(2, '0')}:01`;
const holder = { pid: process.pid, command: 'pkg install web.tgz', since };

/** Another process that runs `body` with `takeLock`, `file` and `holder` at hand, and what it says first. */
async function another(body: string): Promise<{ readonly child: ChildProcess; readonly says: string }> {
  const program = `
    import { takeLock } from ${JSON.stringify(new URL('../../src/system/index.ts', import.meta.url).href)};
    const file = ${JSON.stringify(lockFile)};
    const holder = { pid: process.pid, command: 'pkg upgrade', since: ${JSON.stringify(since)} };
    ${body}
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  started.push(child);
  const [says] = await once(child.stdout.setEncoding('utf8'), 'data');
  return { child, says };
}

const HOLD = `await takeLock(file, { wait: 0, holder }); console.log('locked'); setInterval(() => {}, 1000);`;

describe('the lock', () => {
  test('names a holder that took it just now and has not said so yet', async () => {
    const late = `await takeLock(file, { wait: 0, holder }); const { default: fs } = await import('node:fs');
      const words = fs.readFileSync(file); fs.truncateSync(file); console.log('locked');
      setTimeout(() => fs.writeFileSync(file, words), 100); setInterval(() => {}, 1000);`;
    const { child } = await another(late);
    await expect(takeLock(lockFile, { wait: 0, holder })).rejects.toMatchObject({ details: { pid: child.pid } });
  });

  test('names its holder to the second one', async () => {
    const { child } = await another(HOLD);
    await expect(takeLock(lockFile, { wait: 0, holder })).rejects.toMatchObject({
      code: 'locked',
      message: `cannot lock ${lockFile}: held by pid ${child.pid} \`pkg upgrade\` since ${clock}`,
      exit: 4,
    });
  });

  test('is free when its holder was killed', async () => {
    const { child } = await another(HOLD);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = await takeLock(lockFile, { wait: 0, holder });
    expect(readHolder(lockFile)).toEqual(holder);
    lock.release();
  });

  test('is free after its release, and then names nobody; a second release does nothing', async () => {
    const first = await takeLock(lockFile, { wait: 0, holder });
    first.release();
    expect(readHolder(lockFile)).toBeNull();
    const second = await takeLock(lockFile, { wait: 0, holder });
    first.release();
    await expect(takeLock(lockFile, { wait: 0, holder })).rejects.toMatchObject({ code: 'locked' });
    second.release();
  });

  test('is taken by the one who waits when its holder goes', async () => {
    const { child } = await another(HOLD);
    const waiting = takeLock(lockFile, { wait: 60_000, holder });
    child.kill('SIGKILL');
    const lock = await waiting;
    expect(readHolder(lockFile)).toEqual(holder);
    lock.release();
  });

  test('is refused to the one who waited in vain', async () => {
    await another(HOLD);
    await expect(takeLock(lockFile, { wait: 20, holder })).rejects.toMatchObject({ code: 'locked' });
  });

  test('is not inherited by children: they may outlive the holder', async () => {
    const { child, says } = await another(`
      import { spawn } from 'node:child_process';
      await takeLock(file, { wait: 0, holder });
      const left = spawn('sleep', ['60'], { stdio: 'ignore', detached: true });
      console.log(left.pid);
      setInterval(() => {}, 1000);
    `);
    try {
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(() => process.kill(Number(says), 0)).not.toThrow();
      const lock = await takeLock(lockFile, { wait: 0, holder });
      lock.release();
    } finally {
      process.kill(Number(says), 'SIGKILL');
    }
  });

  test('is no longer waited for after Ctrl-C', async () => {
    await another(HOLD);
    const waiting = await another(`
      process.on('SIGINT', () => {});
      setTimeout(() => console.log('waiting'), 0);
      const error = await takeLock(file, { wait: 60_000, holder }).catch((error) => error);
      console.log(error.code, error.exit);
    `);
    const said = once(waiting.child.stdout as NodeJS.ReadableStream, 'data');
    // The terminal sends it to every process of the group; flock may not have begun to wait at the first one.
    const ctrlC = setInterval(() => process.kill(-(waiting.child.pid ?? 0), 'SIGINT'), 50);
    expect(await said.finally(() => clearInterval(ctrlC))).toEqual(['interrupted 130\n']);
  });

  test('is no longer waited for when the program gives up', async () => {
    await another(HOLD);
    const patience = new AbortController();
    const waiting = takeLock(lockFile, { wait: 60_000, holder, abort: patience.signal });
    setImmediate(() => patience.abort());
    await expect(waiting).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('in a folder that is not there says so', async () => {
    await expect(takeLock(path.join(folder, 'absent', 'lock'), { wait: 0, holder })).rejects.toThrow('ENOENT');
  });
});
