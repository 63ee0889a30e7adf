import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { listProcesses, type ProcessFacts, processStart, readProcess, readText } from './process-identity.ts';

/** Variables with their values, all of which the environment of a process must hold. */
export type EnvironmentMatch = Readonly<Record<string, string>>;

type Ways = { readonly graceMs?: number; readonly standingIn?: string };

/**
 * Ends every process started with these variables, or at home in a folder: SIGTERM, a bounded wait, SIGKILL. Answers
 * whom it ended. Never ends this process or those that started it.
 */
export async function endProcesses(
  match: EnvironmentMatch,
  { graceMs = 10_000, standingIn }: Ways = {},
): Promise<number[]> {
  const ended = new Set<number>();
  // What is being ended may start more before it goes: look again until nothing is found.
  for (let round = 0; round < 5; round++) {
    const found = findProcesses(match, standingIn);
    if (found.length === 0) break;
    for (const target of found) ended.add(target.pid);
    await endAll(found, graceMs);
  }
  return [...ended];
}

/**
 * Live processes started with these variables, without this one and those that started it. A program may write over its
 * variables (a title does): it is also known by the folder `standingIn`, if it has no terminal to make it an operator's.
 */
export function findProcesses(match: EnvironmentMatch, standingIn?: string): readonly ProcessFacts[] {
  const wanted = Object.entries(match).map(([name, value]) => `${name}=${value}`);
  if (wanted.length === 0) return [];
  const spared = ancestors();
  const isMeant = ({ pid, hasTerminal }: ProcessFacts): boolean =>
    environmentHolds(pid, wanted) || (standingIn !== undefined && !hasTerminal && standsBelow(pid, standingIn));
  return listProcesses().filter((facts) => !facts.isDead && !spared.has(facts.pid) && isMeant(facts));
}

function environmentHolds(pid: number, wanted: readonly string[]): boolean {
  const environment = readText(`/proc/${pid}/environ`)?.split('\0') ?? [];
  return wanted.every((assignment) => environment.includes(assignment));
}

function standsBelow(pid: number, folder: string): boolean {
  try {
    // One that is gone is told as `/folder (deleted)`.
    return `${fs.readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, '')}/`.startsWith(`${folder}/`);
  } catch {
    return false;
  }
}

function ancestors(): ReadonlySet<number> {
  const found = new Set<number>();
  for (let pid = process.pid; pid > 0 && !found.has(pid); pid = readProcess(pid)?.parent ?? 0) found.add(pid);
  return found;
}

async function endAll(targets: readonly ProcessFacts[], graceMs: number): Promise<void> {
  for (const target of targets) send(target, 'SIGTERM');
  if (await areGone(targets, graceMs)) return;
  for (const target of targets) send(target, 'SIGKILL');
  // SIGKILL is not instant: the kernel may still be busy for the process.
  await areGone(targets, 2_000);
}

function send(target: ProcessFacts, signal: NodeJS.Signals): void {
  if (!isThere(target)) return;
  try {
    process.kill(target.pid, signal);
  } catch {
    // Gone in between, or not ours to end; the next look tells.
  }
}

async function areGone(targets: readonly ProcessFacts[], withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (targets.some(isThere)) {
    if (performance.now() > deadline) return false;
    await pause(10);
  }
  return true;
}

/** Compares the start time too: the number may have been given to somebody else. */
function isThere(target: ProcessFacts): boolean {
  return processStart(target.pid) === target.startTime;
}
