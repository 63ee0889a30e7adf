import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { listProcesses, processStart, readText } from '../../src/system/index.ts';
import { PROGRAM, until } from './pkg.ts';

const SCRIPT = fileURLToPath(new URL('./systemd-namespace.sh', import.meta.url));
const PROJECT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

export type Machine = Awaited<ReturnType<typeof bootedMachine>>;

/** A machine with a systemd of its own; `shared` is the same folder inside and outside. Gone when the test ends. */
export async function bootedMachine(shared: string) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-systemd-'));
  for (const name of ['mount', 'units']) fs.mkdirSync(path.join(folder, name));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  let booted = await boot(folder, [PROJECT, shared]);
  // The last that is said is done first.
  onTestFinished(() => end(booted, folder));

  /** The words before a program that is to run inside. */
  function inside(): readonly [string, ...string[]] {
    const spaces = ['--mount', '--pid', '--uts', '--ipc', '--cgroup', '--root', '--wd'];
    return ['nsenter', '--target', String(booted.first), ...spaces, '--'];
  }

  /** Runs a program inside. */
  async function run(...given: readonly string[]) {
    const [program, ...words] = inside();
    const ended = await execa(program, [...words, ...given], {
      reject: false,
      stdin: 'ignore',
      extendEnv: false,
      env: { PATH: process.env.PATH, HOME: '/root', LANG: 'C.UTF-8', PKG_ROOT: path.join(shared, 'root') },
    });
    return { exit: ended.exitCode ?? 255, out: ended.stdout, err: ended.stderr };
  }

  /** Runs a program inside; anything but success fails the test with what it said. */
  async function ok(...words: readonly string[]): Promise<string> {
    const ended = await run(...words);
    if (ended.exit === 0) return ended.out;
    throw new Error(`${words.join(' ')} ended with ${ended.exit}:\n${ended.err}\n${ended.out}`);
  }

  return {
    run,
    ok,
    inside,
    /** Runs `pkg` inside. */
    pkg: (...words: readonly string[]) => run(process.execPath, PROGRAM, ...words),
    /** A file of its `/etc/systemd/system`. */
    unit: (name: string): string => path.join(folder, 'units', name),
    /** A file of its own anywhere else. */
    file: (name: string): string => `/proc/${booted.first}/root${name}`,
    /** What lies in its `/etc/init.d` becomes units, as on a machine that nobody made for tests. */
    async knowsScripts(): Promise<void> {
      const generator = '/usr/lib/systemd/system-generators/systemd-sysv-generator';
      fs.mkdirSync(path.dirname(`/proc/${booted.first}/root${generator}`), { recursive: true });
      fs.copyFileSync(generator, `/proc/${booted.first}/root${generator}`);
      await ok('systemctl', 'daemon-reload');
    },
    async property(unit: string, name: string): Promise<string> {
      return (await ok('systemctl', 'show', '--value', `--property=${name}`, unit)).trim();
    },
    /** As when the power fails: everything ends at once, and systemd comes up again with the units it finds. */
    async reboot(): Promise<void> {
      await end(booted, folder);
      booted = await boot(folder, [PROJECT, shared]);
    },
  };
}

type Booted = { readonly outer: ChildProcess; readonly first: number };

async function boot(folder: string, binds: readonly string[]): Promise<Booted> {
  const log = fs.openSync(path.join(folder, 'log'), 'a');
  const outer = spawn(SCRIPT, [folder, ...binds], { stdio: ['ignore', log, log], detached: true });
  fs.closeSync(log);
  try {
    await until('systemd is there', () => childOf(outer) !== null);
    const first = childOf(outer) ?? 0;
    await until('systemd has come up', () => isUp(first));
    return { outer, first };
  } catch (error) {
    outer.kill('SIGKILL');
    throw new Error(`${(error as Error).message}:\n${fs.readFileSync(path.join(folder, 'log'), 'utf8')}`, {
      cause: error,
    });
  }
}

/** The script has become `unshare`, whose child becomes systemd. */
function childOf({ pid }: ChildProcess): number | null {
  const child = listProcesses().find(({ parent, isDead }) => parent === pid && !isDead)?.pid;
  return child !== undefined && readText(`/proc/${child}/comm`) === 'systemd\n' ? child : null;
}

async function isUp(first: number): Promise<boolean> {
  const inside = ['--target', String(first), '--mount', '--pid', '--cgroup', '--root', '--wd'];
  const { stdout } = await execa('nsenter', [...inside, 'systemctl', 'is-system-running'], { reject: false });
  return /^(running|degraded)$/.test(stdout);
}

async function end({ outer, first }: Booted, folder: string): Promise<void> {
  outer.kill('SIGKILL');
  await until('systemd has ended', () => processStart(first) === null);
  const name = path.basename(folder);
  const mount = path.join(folder, 'mount');
  const sweep = `mount -t cgroup2 cgroup "$0" && find "$0/$1" -depth -type d -exec rmdir {} +`;
  await until('its groups are gone', async () => {
    const swept = await execa('unshare', ['--mount', 'sh', '-c', sweep, mount, name], { reject: false });
    return swept.exitCode === 0;
  });
}
