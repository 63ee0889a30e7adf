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
  let pid = await boot(folder);
  onTestFinished(async () => {
    const all = [pid, ...listProcesses().flatMap(({ parent, pid: child }) => (parent === pid ? [child] : []))];
    // On SIGHUP it lets every runsv stop its service and end.
    process.kill(pid, 'SIGHUP');
    await until('runsvdir and all it kept have ended', () => all.every((one) => processStart(one) === null));
  });

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
    /**
     * As when the power fails: everything there ends at once, and a new runsvdir starts what it finds; `pkg` with `words`
     * runs before it does, and what it said is answered.
     */
    async reboot(...words: readonly string[]): Promise<string> {
      await end(pid);
      pid = await boot(folder, words.length === 0 ? [] : [process.execPath, PROGRAM, '--root', root, ...words]);
      return fs.readFileSync(path.join(folder, 'said'), 'utf8');
    },
  };
}

const SCRIPT = `
  mount --bind "$0/sv" /etc/sv && mount --bind "$0/service" /etc/service &&
  cat /proc/sys/kernel/random/uuid >"$0/boot-id" && mount --bind "$0/boot-id" /proc/sys/kernel/random/boot_id &&
  "$@" >"$0/said" 2>&1
  exec runsvdir -P /etc/service
`;

async function boot(folder: string, first: readonly string[] = []): Promise<number> {
  const unshared = ['--mount', '--propagation', 'private', 'sh', '-c', SCRIPT, folder, ...first];
  const { pid = 0 } = spawn('unshare', unshared, { stdio: 'ignore', detached: true });
  await until('runsvdir is there', () => readText(`/proc/${pid}/comm`) === 'runsvdir\n', 60);
  return pid;
}

/** All that sees the machine as this runsvdir does ends with it. */
async function end(runsvdir: number): Promise<void> {
  // The number of a view that is gone is given to the next one, which may be anybody's: so it is held until the end.
  const held = fs.openSync(`/proc/${runsvdir}/ns/mnt`, 'r');
  try {
    const view = fs.readlinkSync(`/proc/self/fd/${held}`);
    const inhabitants = () => listProcesses().filter(({ pid, isDead }) => !isDead && viewOf(pid) === view);
    await until('the machine is off', () => {
      const left = inhabitants();
      for (const { pid } of left) process.kill(pid, 'SIGKILL');
      return left.length === 0;
    });
  } finally {
    fs.closeSync(held);
  }
}

function viewOf(pid: number): string | null {
  try {
    return fs.readlinkSync(`/proc/${pid}/ns/mnt`);
  } catch {
    return null;
  }
}
