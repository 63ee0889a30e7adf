import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Library } from './fault.ts';
import { copyProgram, makeFolder, type Run, runProgram, temporaryOf } from './program.ts';

/** One folder in which a story is played again and again: the root, what lies outside it, and a saved copy of both. */
export type Place = {
  readonly folder: string;
  readonly root: string;
  /** Where hooks leave their traces and external links are made. */
  readonly outside: string;
  readonly effects: string;
  readonly log: string;
  /** TMPDIR of the program. */
  readonly temporary: string;
  readonly program: string;
  /** Where calls are counted in the C library. */
  readonly library?: Library;
};

/** An empty place. */
export function makePlace(name: string): Place {
  const folder = makeFolder(name);
  const stage = path.join(folder, 'stage');
  const outside = path.join(stage, 'outside');
  fs.mkdirSync(outside, { recursive: true });
  const program = copyProgram(folder);
  return {
    folder,
    root: path.join(stage, 'root'),
    outside,
    effects: path.join(outside, 'effects'),
    log: path.join(folder, 'calls'),
    temporary: temporaryOf(program),
    program,
  };
}

/** Keeps the stage as it is now under a name. */
export function save({ folder }: Place, name: string): void {
  removeTree(path.join(folder, name));
  command('cp', '-a', path.join(folder, 'stage'), path.join(folder, name));
}

/** Puts the stage back as it was saved. */
export function restore({ folder }: Place, name: string): void {
  removeTree(path.join(folder, 'stage'));
  command('cp', '-a', path.join(folder, name), path.join(folder, 'stage'));
}

/** What a killed program leaves in TMPDIR is not its own to clear. */
export function clearTemporary({ temporary }: Place): void {
  for (const name of fs.readdirSync(temporary)) removeTree(path.join(temporary, name));
}

/** Removes everything. */
export function leave({ folder }: Place): void {
  removeTree(folder);
}

/** Runs the program on the root of the place, and expects it to go well. */
export async function succeed(place: Place, ...words: readonly string[]): Promise<Run> {
  const run = await runProgram(place.program, ['--root', place.root, '--yes', '--json', ...words]);
  if (run.exit !== 0) throw new Error(`pkg ${words.join(' ')} ended with ${run.exit}:\n${run.stdout}${run.stderr}`);
  return run;
}

/** What the hooks did so far, one line each: `NAME-VERSION HOOK ACTION…`. */
export function effectsOf({ effects }: Place): readonly string[] {
  return fs.existsSync(effects) ? fs.readFileSync(effects, 'utf8').trimEnd().split('\n') : [];
}

function removeTree(folder: string): void {
  if (!fs.existsSync(folder)) return;
  // Bundles in the store are read-only for everyone but root.
  if (process.getuid?.() !== 0) command('chmod', '-R', 'u+w', folder);
  command('rm', '-rf', folder);
}

function command(...words: readonly [string, ...string[]]): void {
  const { status, stderr } = spawnSync(words[0], words.slice(1), { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
}
