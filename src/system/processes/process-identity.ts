import fs from 'node:fs';

/** A process that cannot be mistaken for a later one with the same number. */
export type ProcessIdentity = { readonly pid: number; readonly startTime: number; readonly bootId: string };

/** Whether exactly this process still runs. A zombie is dead: it only waits to be collected. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identity.bootId === bootId() && processStart(identity.pid) === identity.startTime;
}

/** When the live process `pid` began, in ticks since boot; null when there is none. */
export function processStart(pid: number): number | null {
  const facts = readProcess(pid);
  return facts === null || facts.isDead ? null : facts.startTime;
}

/** The live process `pid`, so that it can be recognised later; null when there is none. */
export function identify(pid: number): ProcessIdentity | null {
  const startTime = processStart(pid);
  return startTime === null ? null : { pid, startTime, bootId: bootId() };
}

/** The present in ticks since boot, to be compared with the start of processes. */
export function ticksNow(): number {
  const ticksPerSecond = 100;
  return Math.floor(Number.parseFloat(fs.readFileSync('/proc/uptime', 'utf8')) * ticksPerSecond);
}

/** A name for the time from this boot to the next. */
export function bootId(): string {
  return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** What the kernel tells about one process. */
export type ProcessFacts = {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly hasTerminal: boolean;
  readonly startTime: number;
  readonly isDead: boolean;
};

/** Every process of the machine, zombies included. */
export function listProcesses(): readonly ProcessFacts[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
}

/** null when there is no such process. */
export function readProcess(pid: number): ProcessFacts | null {
  const text = readText(`/proc/${pid}/stat`);
  if (text === null) return null;
  // proc_pid_stat(5). The second field is the program's name in brackets and may itself hold spaces and brackets,
  // so that counting starts after the last one: state is field 3, ppid 4, pgrp 5, session 6, tty_nr 7, num_threads 20,
  // starttime 22. A first thread that has ended is shown as a zombie while others still hold files and ports.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => fields[number - 3] ?? '';
  return {
    pid,
    parent: Number(field(4)),
    group: Number(field(5)),
    session: Number(field(6)),
    hasTerminal: Number(field(7)) !== 0,
    startTime: Number(field(22)),
    isDead: /[ZXx]/.test(field(3)) && !(Number(field(20)) > 1),
  };
}

/** Processes end while one looks, and those of other users may be closed to us: both read as nothing. */
export function readText(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
