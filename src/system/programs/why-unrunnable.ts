import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { elfInterpreter } from './elf-interpreter.ts';
import { envProgram } from './env-program.ts';

/** What a program finds when it is started, as far as that decides whether it can be. */
export type Machine = {
  /** Folders in which `#!/usr/bin/env NAME` looks; null = nobody knows. */
  readonly path: readonly string[] | null;
  /** Each `LD_LIBRARY_PATH` with which it may be started; one that will do is enough. Null = nobody knows them all. */
  readonly libraries: readonly string[] | null;
  /** Whether a file that is not there now will be by then. */
  comes(file: string): boolean;
};

/** Why a program could not be started on this machine, or null. What cannot be found out is no reason. */
export function whyUnrunnable(file: string, machine: Machine): string | null {
  const begin = beginning(file);
  if (begin === null) return 'it is not there';
  if (begin.toString('latin1', 0, 2) === '#!')
    return whyNoScript(begin.toString('utf8').split('\n', 1)[0] ?? '', machine);
  const interpreter = elfInterpreter(file);
  if (interpreter === null || machine.comes(interpreter)) return null;
  if (!isThere(interpreter)) return `its loader ${interpreter} does not exist here`;
  return whyNotLoaded(file, interpreter, machine);
}

/** `#!/usr/bin/env -S perl -w` needs env and perl. */
function whyNoScript(line: string, { path: folders, comes }: Machine): string | null {
  const [interpreter = '', ...words] = line
    .slice(2)
    .trim()
    .split(/[ \t]+/);
  if (interpreter === '' || comes(interpreter)) return null;
  if (!isThere(interpreter)) return `its interpreter ${interpreter} does not exist here`;
  if (path.basename(interpreter) !== 'env' || folders === null) return null;
  const name = envProgram(words);
  if (name === null) return null;
  if (
    name.includes('/') ||
    folders.some((folder) => isThere(path.join(folder, name)) || comes(path.join(folder, name)))
  )
    return null;
  return `its interpreter ${name} is not in the PATH`;
}

/** Asks the loader of the machine, which runs nothing of the program; one that ships with a bundle is not asked. */
function whyNotLoaded(file: string, loader: string, { libraries, comes }: Machine): string | null {
  if (libraries === null || !/^ld[-.0-9]/.test(path.basename(loader))) return null;
  let first: string | null = null;
  for (const folders of libraries) {
    const why = whyNotWith(folders, file, loader, comes);
    if (why === null) return null;
    first ??= why;
  }
  return first;
}

function whyNotWith(folders: string, file: string, loader: string, comes: Machine['comes']): string | null {
  const { status, stderr } = spawnSync(loader, ['--list', file], {
    encoding: 'utf8',
    env: { LC_ALL: 'C', LD_LIBRARY_PATH: folders },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 10_000,
  });
  if (status === null) return null;
  const missing =
    status === 0 ? undefined : /(?:loading shared libraries: |loading shared library )([^:\s]+):/i.exec(stderr)?.[1];
  if (missing !== undefined) return comes(missing) ? null : `its library ${missing} does not exist here`;
  return whyTooOld(file, stderr, comes);
}

/** `--list` ends well without a version that the program then dies for. Without one that is called weak it runs. */
function whyTooOld(file: string, said: string, comes: Machine['comes']): string | null {
  const isReplaced = (other: string) => other !== file && (comes(other) || comes(path.basename(other)));
  for (const [, library = '', version, user = ''] of said.matchAll(
    /: ([^:\n]+): version `([^'\n]+)' not found \(required by (.+)\)$/gm,
  )) {
    if (isReplaced(library) || isReplaced(user)) continue;
    return `its library ${path.basename(library)} has no version ${version} here`;
  }
  return null;
}

function isThere(file: string): boolean {
  return fs.existsSync(file);
}

function beginning(file: string): Buffer | null {
  try {
    const descriptor = fs.openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(256);
      return bytes.subarray(0, fs.readSync(descriptor, bytes));
    } finally {
      fs.closeSync(descriptor);
    }
  } catch {
    return null;
  }
}
