import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import {
  bootId,
  endProcesses,
  findProcesses,
  isAlive,
  processStart,
  readProcess,
  sealedStdio,
} from '../../src/system/index.ts';
import { untilSo } from '../support/until.ts';

const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** A shell that says `ready` when it runs. */
async function shell(
  script: string,
  env: Record<string, string> = {},
): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn('/bin/sh', ['-c', `echo ready; ${script}`], {
    env: { PATH: '/usr/bin:/bin', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  await once(child.stdout, 'data');
  return child as ChildProcess & { readonly pid: number };
}

const unique = () => `test-${process.pid}-${Math.random()}`;

describe('a process', () => {
  test('is known by its number, its start and the boot', async () => {
    const { pid } = await shell('exec sleep 60');
    const startTime = processStart(pid) ?? -1;
    expect(isAlive({ pid, startTime, bootId: bootId() })).toBe(true);
    expect(isAlive({ pid, startTime: startTime + 1, bootId: bootId() })).toBe(false);
    expect(isAlive({ pid, startTime, bootId: 'another boot' })).toBe(false);
  });

  test('that only waits to be collected is dead', async () => {
    // The shell starts a child, then becomes a program that never collects it.
    const parent = await shell('sleep 0.01 & exec sleep 60');
    const zombie = () => childrenOf(parent.pid).find((pid) => readProcess(pid)?.isDead);
    await untilSo(() => zombie() !== undefined);
    const pid = zombie() ?? 0;
    expect(readProcess(pid)).not.toBeNull();
    expect(processStart(pid)).toBeNull();
  });

  test('may have a name full of brackets and spaces', async () => {
    const { pid } = await shell('printf "a) R (b" > /proc/$$/comm; while :; do sleep 1; done');
    await untilSo(() => fs.readFileSync(`/proc/${pid}/comm`, 'utf8') === 'a) R (b\n');
    expect(readProcess(pid)).toMatchObject({ pid, parent: process.pid, isDead: false });
  });

  test('that does not exist has no start', () => {
    expect(processStart(2 ** 22 + 1)).toBeNull();
  });
});

function childrenOf(parent: number): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => readProcess(pid)?.parent === parent);
}

function standsIn(pid = 0): string | null {
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

describe('ending the processes of a transaction', () => {
  test('ends all that carry both variables, and nobody else', async () => {
    const root = unique();
    const mine = await shell('exec sleep 60', { PKG_TRANSACTION: '7', PKG_ROOT: root });
    const other = await shell('exec sleep 60', { PKG_TRANSACTION: '7', PKG_ROOT: `${root}0` });
    const ended = await endProcesses({ PKG_TRANSACTION: '7', PKG_ROOT: root });
    expect(ended).toContain(mine.pid);
    expect(ended).not.toContain(other.pid);
    expect(processStart(mine.pid)).toBeNull();
    expect(processStart(other.pid)).not.toBeNull();
  });

  test('kills the one that ignores SIGTERM, also in a session of its own', async () => {
    const env = { PKG_TRANSACTION: '8', PKG_ROOT: unique() };
    await shell(
      `trap '' TERM; setsid sh -c 'trap "" TERM; while :; do sleep 60; done' & while :; do sleep 60; done`,
      env,
    );
    await untilSo(() => findProcesses(env).length >= 4);
    await endProcesses(env, { graceMs: 50 });
    expect(findProcesses(env)).toEqual([]);
  });

  test('finds one that wrote over its environment by where it stands, and spares an operator who looks around there', async () => {
    const env = { PKG_TRANSACTION: '10', PKG_ROOT: unique() };
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-standing-'));
    const gone = path.join(folder, 'gone');
    const titled = await shell(`mkdir ${gone}; cd ${gone}; exec perl -e '$0 = "x" x 9999; sleep 60'`, env);
    const beside = await shell(`mkdir ${folder}2; cd ${folder}2; exec sleep 60`);
    const terminal = await shell(`exec script -qfec 'cd ${folder} && exec sleep 60' /dev/null`);
    const operator = () => childrenOf(terminal.pid).find((pid) => readProcess(pid)?.hasTerminal);
    await untilSo(() => findProcesses(env).length === 0 && standsIn(operator()) === folder);
    fs.rmdirSync(gone);
    expect(await endProcesses(env, { standingIn: folder })).toEqual([titled.pid]);
    expect(processStart(beside.pid)).not.toBeNull();
    expect(processStart(operator() ?? 0)).not.toBeNull();
    for (const made of [folder, `${folder}2`]) fs.rmdirSync(made);
  });

  test('spares itself and those that started it', async () => {
    const env = { PKG_TRANSACTION: '9', PKG_ROOT: unique() };
    const program = `
      import { endProcesses } from ${JSON.stringify(new URL('../../src/system/index.ts', import.meta.url).href)};
      process.stdout.write(JSON.stringify(await endProcesses({ PKG_TRANSACTION: '9', PKG_ROOT: process.env.PKG_ROOT })));
    `;
    const child = spawn(
      '/bin/sh',
      ['-c', 'sleep 60 & "$0" --input-type=module -e "$1"; exit 0', process.execPath, program],
      {
        env: { PATH: '/usr/bin:/bin', ...env },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    started.push(child);
    expect(JSON.parse(await text(child.stdout))).toHaveLength(1);
  });

  test('of nobody, or by no variable at all, ends nobody', async () => {
    expect(await endProcesses({ PKG_TRANSACTION: unique() })).toEqual([]);
    expect(await endProcesses({})).toEqual([]);
  });
});

describe('descriptors', () => {
  test('that this program was started with do not reach its children', async () => {
    // Node itself closes the low ones, up to the first gap.
    const program = `
      import { spawn } from 'node:child_process';
      import { sealedStdio } from ${JSON.stringify(new URL('../../src/system/index.ts', import.meta.url).href)};
      spawn('readlink', ['/proc/self/fd/100'], { stdio: ['ignore', 'inherit', 'inherit'] }).on('close', () => {
        spawn('readlink', ['/proc/self/fd/100'], { stdio: sealedStdio(['ignore', 'inherit', 'inherit']) });
      });
    `;
    const inherited = fs.openSync('/etc', 'r');
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit', ...Array<'ignore'>(97).fill('ignore'), inherited],
    });
    started.push(child);
    fs.closeSync(inherited);
    expect(await text(child.stdout as Readable)).toBe('/etc\n/dev/null\n');
  });

  test('asked for are given as they are', () => {
    expect(sealedStdio(['ignore', 5, 'pipe']).slice(0, 3)).toEqual(['ignore', 5, 'pipe']);
  });
});
