import { type ChildProcessByStdio, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from '../../src/cli/index.ts';
import { type Fault, faultEnvironment } from './fault.ts';

const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url));

/** How one run of the program ended. */
export type Run = {
  readonly exit: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** A folder for tests that write much, in memory where the machine has such a place. */
export function makeFolder(name: string): string {
  const memory = '/dev/shm';
  return fs.mkdtempSync(path.join(isWritable(memory) ? memory : os.tmpdir(), `pkg-${name}-`));
}

/** A copy of the built program: a build that runs meanwhile shall not take it away under our feet. */
export function copyProgram(folder: string): string {
  const copy = path.join(folder, 'program');
  fs.cpSync(path.join(CHECKOUT, 'dist'), path.join(copy, 'dist'), { recursive: true });
  fs.copyFileSync(path.join(CHECKOUT, 'package.json'), path.join(copy, 'package.json'));
  const program = path.join(copy, 'dist', 'pkg.js');
  fs.mkdirSync(temporaryOf(program));
  return program;
}

/** The folder for temporary files of a copied program. */
export function temporaryOf(program: string): string {
  return path.join(program, '../../temporary');
}

/** Runs the program to its end, with a fault if one is given. */
export function runProgram(program: string, words: readonly string[], fault?: Fault): Promise<Run> {
  return startProgram(program, words, fault).end;
}

/** The same command inside this process, with the code that the program is built from: for what is to be seen, not killed. */
export async function runHere(words: readonly string[]): Promise<Run> {
  const [output, talk] = [new PassThrough(), new PassThrough()];
  const heard = Promise.all([text(output), text(talk)]);
  const never = new AbortController().signal;
  const exit = await runCommandLine(words, {
    streams: { input: new PassThrough(), output, talk },
    env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
    programVersion: '0.1.0',
    user: { name: 'crash', home: '/nonexistent', isRoot: process.getuid?.() === 0 },
    node: process.execPath,
    program: path.join(CHECKOUT, 'dist', 'pkg.js'),
    interrupt: { requested: null },
    stopWaiting: never,
    interruptHooks: () => never,
  });
  output.end();
  talk.end();
  const [stdout, stderr] = await heard;
  return { exit, signal: null, stdout, stderr };
}

/** A program that runs, and how it will end. */
export type Started = { readonly child: ChildProcessByStdio<null, Readable, Readable>; readonly end: Promise<Run> };

/** Starts the program, for those who want to disturb it. */
export function startProgram(program: string, words: readonly string[], fault?: Fault): Started {
  return start([process.execPath, program, ...words], program, faultEnvironment(fault));
}

/** The same with its output where nothing fits any more. */
export function startOnFull(program: string, words: readonly string[], fault?: Fault): Started {
  const onFull = ['sh', '-c', 'exec "$@" >/dev/full 2>&1', 'sh'] as const;
  return start([...onFull, process.execPath, program, ...words], program, faultEnvironment(fault));
}

function start(
  [file, ...words]: readonly [string, ...string[]],
  program: string,
  env: Readonly<Record<string, string>>,
): Started {
  const child = spawn(file, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      TMPDIR: temporaryOf(program),
      // Compiled once for the hundreds of times that it is started.
      NODE_COMPILE_CACHE: path.join(program, '../../compiled'),
      ...env,
    },
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (part: string) => (said.stdout += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (said.stderr += part));
  const end = new Promise<Run>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit, signal) => resolve({ exit, signal, ...said }));
  });
  return { child, end };
}

/** The events of a run with --json. */
export function eventsOf({ stdout }: Run): readonly Record<string, unknown>[] {
  return stdout.split('\n').flatMap((line) => {
    // The last line of a killed program may be cut.
    if (!line.endsWith('}')) return [];
    return [JSON.parse(line) as Record<string, unknown>];
  });
}

function isWritable(folder: string): boolean {
  try {
    fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
