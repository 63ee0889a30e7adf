import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { listProcesses, processStart, readText } from '../../src/system/index.ts';
import { PROGRAM, until } from './pkg.ts';

/** A view of this machine in which a runsvdir of our own serves `/etc/service`; it ends with the test. */
export async function servedMachine(root: string) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-runit-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  for (const name of ['sv', 'service']) fs.mkdirSync(path.join(folder, name));
  const script =
    'mount --bind "$0/sv" /etc/sv && mount --bind "$0/service" /etc/service && exec runsvdir -P /etc/service';
  const runsvdir = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script, folder], {
    stdio: 'ignore',
    detached: true,
  });
  const { pid = 0 } = runsvdir;
  onTestFinished(async () => {
    const all = [pid, ...listProcesses().flatMap(({ parent, pid: child }) => (parent === pid ? [child] : []))];
    // On SIGHUP it lets every runsv stop its service and end.
    runsvdir.kill('SIGHUP');
    await until('runsvdir and all it kept have ended', () => all.every((one) => processStart(one) === null));
  });
  await until('runsvdir is there', () => readText(`/proc/${pid}/comm`) === 'runsvdir\n');

  /** Runs a program where that runsvdir is seen. */
  async function run(...words: readonly string[]) {
    const ended = await execa('nsenter', ['--target', String(pid), '--mount', '--', ...words], {
      reject: false,
      stdin: 'ignore',
      extendEnv: false,
      env: { PATH: process.env.PATH, HOME: '/root', LANG: 'C.UTF-8', PKG_ROOT: root },
    });
    return { exit: ended.exitCode ?? 255, out: ended.stdout, err: ended.stderr };
  }

  return {
    run,
    /** Runs `pkg` there. */
    pkg: (...words: readonly string[]) => run(process.execPath, PROGRAM, ...words),
    /** A file of its `/etc/sv`. */
    definition: (...parts: readonly string[]): string => path.join(folder, 'sv', ...parts),
    /** A file of its `/etc/service`. */
    served: (name: string): string => path.join(folder, 'service', name),
  };
}
