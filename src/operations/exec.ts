import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PkgError } from '../error.ts';
import { type Generation, nearestWord } from '../model/index.ts';
import { orderBundles } from '../plan/index.ts';
import { bundleValues, declaredEnvironment } from '../steps/index.ts';
import type { Layout } from '../store/index.ts';
import { readText } from '../system/index.ts';
import { membersOnDisk, readInstalled } from './facts/installed.ts';
import { keptGeneration } from './look/name-generation.ts';

type Order = {
  readonly command: readonly string[];
  /** A number or tag; null for the live one. */
  readonly generation: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** Runs a command with the commands and variables of a generation, and returns its exit number. */
export async function exec(root: string, { command, generation: word, env }: Order): Promise<number> {
  const installed = readInstalled(root);
  const { layout } = installed;
  const generation = word === null ? installed.generation : keptGeneration(root, word);
  const [program = '', ...args] = command;
  if (program === '') throw new PkgError('usage', 'missing the command to run', { hint: 'pkg exec -- COMMAND' });
  const child = spawn(program, args, {
    stdio: 'inherit',
    env: generation === null ? env : await environmentOf(layout, generation, env),
  });
  const stopForwarding = forwardSignals((signal) => child.kill(signal));
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', (error) => reject(cannotRun(program, error, layout, generation)));
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : os.constants.signals[signal])));
  });
  return ended.finally(stopForwarding);
}

/** Variables of dependents come last, and so win. */
async function environmentOf(layout: Layout, generation: Generation, env: Order['env']) {
  const members = orderBundles(await membersOnDisk({ layout, generation }));
  const declared = members.map(({ id, manifest }) =>
    declaredEnvironment(manifest, bundleValues(layout, manifest, layout.bundle(id), generation.number)),
  );
  const bin = path.join(layout.generation(generation.number), 'bin');
  return { ...env, ...Object.assign({}, ...declared), PATH: `${bin}:${env['PATH'] ?? '/usr/bin:/bin'}` };
}

const FORWARDED = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2', 'SIGCONT'] as const;

/** A terminal sends signals to the whole foreground group, so the command already has them. */
function forwardSignals(send: (signal: NodeJS.Signals) => void): () => void {
  const forward = (signal: NodeJS.Signals): void => {
    if (!((signal === 'SIGINT' || signal === 'SIGQUIT') && isInForeground())) send(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  return () => {
    for (const signal of FORWARDED) process.off(signal, forward);
  };
}

/** proc_pid_stat(5): our process group is the foreground one of the terminal. */
function isInForeground(): boolean {
  const text = readText('/proc/self/stat') ?? '';
  // state, ppid, pgrp, session, tty_nr, tpgid
  const [, , group, , , front] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return group !== undefined && group === front;
}

function cannotRun(program: string, error: Error, layout: Layout, generation: Generation | null): PkgError {
  const { code } = error as NodeJS.ErrnoException;
  const where =
    generation === null
      ? `${layout.root} has nothing installed`
      : `generation ${generation.number} has no such command`;
  if (code !== 'ENOENT')
    return new PkgError('system-failed', `cannot run ${program}: ${error.message}`, { exit: 126, cause: error });
  const near = generation === null ? null : nearestWord(program, commandsOf(layout, generation));
  return new PkgError('unknown-name', `cannot run ${program}: ${where}, and neither has the PATH`, {
    hint: near === null ? 'pkg info NAME shows the commands of a bundle' : `did you mean ${near}?`,
    exit: 127,
    cause: error,
  });
}

function commandsOf(layout: Layout, generation: Generation): readonly string[] {
  return fs.readdirSync(path.join(layout.generation(generation.number), 'bin'));
}
