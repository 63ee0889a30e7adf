import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HookRun, runHook } from '../../src/hook/index.ts';
import { endProcesses, findProcesses, processStart, removeTree } from '../../src/system/index.ts';
import { untilSo } from '../support/until.ts';

let folder = '';
let env: { PATH: string; PKG_TRANSACTION: string; PKG_ROOT: string };

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-hook-'));
  fs.mkdirSync(path.join(folder, 'scratch'));
  env = { PATH: '/usr/bin:/bin', PKG_TRANSACTION: '7', PKG_ROOT: folder };
});

afterEach(async () => {
  await endProcesses({ PKG_ROOT: folder }, { graceMs: 0 });
  removeTree(folder);
});

function write(text: string, mode = 0o755): string {
  const file = path.join(folder, 'hook');
  fs.writeFileSync(file, text, { mode });
  return file;
}

function runOf(file: string, options: Partial<HookRun> = {}): HookRun {
  return {
    file,
    args: ['upgrade', '1.0.0'],
    env,
    cwd: path.join(folder, 'scratch'),
    log: logFile(),
    timeoutMs: 30_000,
    graceMs: 5_000,
    ...options,
  };
}

const logFile = () => path.join(folder, 'log', '3.log');

const hook = (script: string, options: Partial<HookRun> = {}) =>
  runHook(runOf(write(`#!/bin/sh\n${script}\n`), options));

const dead = (pid: number) => processStart(pid) === null;

describe('a hook', () => {
  test('that did its work has done it, even if its log is gone', async () => {
    const end = await hook(`rm ${logFile()}; exit 0`);
    expect(end).toMatchObject({ ok: true, code: 0, tail: expect.stringContaining('was not kept: ENOENT') });
  });

  test('gets its arguments, its folder and nothing but its environment', async () => {
    const end = await hook('echo "$@"; pwd; env | cut -d= -f1 | sort | tr "\\n" " "; echo; umask');
    expect(end).toMatchObject({ ok: true, code: 0, signal: null, timedOut: false, ended: [], survivors: [] });
    // PWD and its like are made by the shell itself.
    expect(end.tail.split('\n')).toEqual([
      'upgrade 1.0.0',
      fs.realpathSync(path.join(folder, 'scratch')),
      expect.stringMatching(/^(OLDPWD )?PATH PKG_ROOT PKG_TRANSACTION PWD (SHLVL )?(_ )?$/),
      '0022',
    ]);
  });

  test('starts with an empty stdin, every signal as usual, and no descriptor of ours', async () => {
    // Node itself ignores SIGPIPE, and holds many files open.
    const { tail } = await hook(
      'cat; grep -E "Sig(Ign|Blk)" /proc/self/status; for n in 3 4 5 6 7 8 9; do readlink /proc/$$/fd/$n; done',
    );
    const [blocked, ignored, ...others] = tail.split('\n');
    expect([blocked, ignored]).toEqual(['SigBlk:\t0000000000000000', 'SigIgn:\t0000000000000000']);
    // The shell reads its script through a descriptor of its own.
    expect(others.filter((target) => target !== '/dev/null' && !target.endsWith('/hook'))).toEqual([]);
  });

  test('can open /dev/stdout and /dev/stderr again', async () => {
    const end = await hook('echo out > /dev/stdout; echo err > /dev/stderr');
    expect(end.tail).toBe('out\nerr');
  });

  test('fails with its exit status, and the last twenty lines are told', async () => {
    const end = await hook('seq 1 30; exit 3');
    expect(end).toMatchObject({ ok: false, code: 3, signal: null });
    expect(end.tail.split('\n')).toEqual(Array.from({ length: 20 }, (_, n) => String(n + 11)));
  });

  test.each([
    ['is not found by the script', 'no-such-command', { code: 127, signal: null }],
    ['ends by a signal', 'kill -SEGV $$', { code: null, signal: 'SIGSEGV' }],
    ['ends with a status beyond one byte', 'exit 300', { code: 44, signal: null }],
  ])('that %s failed', async (_, script, expected) => {
    expect(await hook(script)).toMatchObject({ ok: false, timedOut: false, ...expected });
  });

  test('may delete the folder it runs in', async () => {
    expect(await hook('rmdir "$PWD"; echo still here')).toMatchObject({ ok: true, tail: 'still here' });
  });

  test('without an interpreter line is run by the shell', async () => {
    expect(await runHook(runOf(write('echo "$1"\n')))).toMatchObject({ ok: true, tail: 'upgrade' });
  });

  test('adds to its log, and only its own lines are told', async () => {
    await hook('echo first');
    expect((await hook('echo second')).tail).toBe('second');
    expect(fs.readFileSync(logFile(), 'utf8')).toBe('first\nsecond\n');
    expect(fs.statSync(logFile()).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(path.dirname(logFile()))).toEqual(['3.log']);
  });

  test('is known by its process number when it starts', async () => {
    let started = 0;
    const end = await hook('echo $$', { onStart: (pid) => (started = pid) });
    expect(end.tail).toBe(String(started));
  });

  test('runs though its log cannot be written: an undo on a full disk must', async () => {
    fs.writeFileSync(path.join(folder, 'log'), 'a file in its way');
    expect(await hook('echo lost')).toMatchObject({
      ok: true,
      tail: expect.stringMatching(/^\(what it printed was not kept: E/),
    });
  });
});

describe('a hook that cannot be started', () => {
  const cases: readonly (readonly [string, () => HookRun, string])[] = [
    ['is missing', () => runOf(path.join(folder, 'absent')), 'it does not exist'],
    ['is not executable', () => runOf(write('#!/bin/sh\n', 0o644)), 'it is not executable'],
    [
      'needs an interpreter that is not there',
      () => runOf(write('#!/usr/bin/no-such -x\n')),
      'its interpreter /usr/bin/no-such does not exist',
    ],
    [
      'was saved with CR LF',
      () => runOf(write('#!/bin/sh\r\necho\r\n')),
      "its first line ends in CR LF, so the interpreter is looked for as '/bin/sh\\r'",
    ],
    [
      'has no folder to run in',
      () => runOf(write('#!/bin/sh\n'), { cwd: path.join(folder, 'absent') }),
      'its working directory',
    ],
    [
      'has too large an environment',
      () => runOf(write('#!/bin/sh\n'), { env: { BIG: 'x'.repeat(3_000_000) } }),
      'its arguments and environment are too large',
    ],
  ];

  test.each(cases)('because it %s says so', async (_, run, reason) => {
    const { file } = run();
    await expect(runHook(run())).rejects.toMatchObject({
      code: 'hook-failed',
      message: expect.stringContaining(`cannot run ${file}: ${reason}`),
    });
  });
});

describe('a hook that does not end', () => {
  test('is ended by SIGTERM when its time is over, and may tidy up', async () => {
    const end = await hook('trap "echo tidied; exit 0" TERM; echo begun; while :; do sleep 0.05; done', {
      timeoutMs: 1_000,
    });
    expect(end).toMatchObject({
      ok: false,
      timedOut: true,
      code: 0,
      tail: expect.stringMatching(/^begun\n(Terminated\n)?tidied$/),
    });
  });

  test('is killed with its children when it does not heed SIGTERM', async () => {
    const end = await hook('trap "" TERM; (while :; do sleep 60; done) & echo $! $$; while :; do sleep 60; done', {
      timeoutMs: 1_000,
      graceMs: 100,
    });
    expect(end).toMatchObject({ ok: false, timedOut: true, signal: 'SIGKILL', survivors: [] });
    const pids = end.tail.split(' ').map(Number);
    expect(pids).toHaveLength(2);
    await untilSo(() => pids.every(dead));
  });

  test('is ended when the operator asks a second time, and this counts as failure', async () => {
    const operator = new AbortController();
    const running = hook('trap "exit 0" TERM; : > begun; while :; do sleep 0.05; done', { abort: operator.signal });
    await untilSo(() => fs.existsSync(path.join(folder, 'scratch', 'begun')));
    operator.abort();
    expect(await running).toMatchObject({ ok: false, timedOut: false });
  });

  test('runs in peace when the operator had asked before it began', async () => {
    expect(await hook('echo undoing', { abort: AbortSignal.abort() })).toMatchObject({ ok: true, tail: 'undoing' });
  });
});

describe('what a hook leaves behind', () => {
  test('in its group is ended and named', async () => {
    const end = await hook('sleep 60 & echo $!');
    expect(end).toMatchObject({ ok: true, survivors: [] });
    expect(end.ended).toEqual([Number(end.tail)]);
    expect(dead(Number(end.tail))).toBe(true);
  });

  test('in a session of its own goes on and is named, though it holds the output open', async () => {
    const end = await hook('setsid sh -c "echo \\$\\$; : > up; exec sleep 60" & until [ -e up ]; do sleep 0.01; done');
    expect(end).toMatchObject({ ok: true, ended: [] });
    expect(end.survivors).toEqual([Number(end.tail)]);
    expect(dead(Number(end.tail))).toBe(false);
  });

  test('may go on printing without harm; the log does not grow any more', async () => {
    const end = await hook('setsid sh -c ": > up; while :; do echo tick; done" & until [ -e up ]; do sleep 0.01; done');
    const { size } = fs.statSync(logFile());
    const [daemon = 0] = end.survivors;
    const written = () => Number(/^wchar: (\d+)$/m.exec(fs.readFileSync(`/proc/${daemon}/io`, 'utf8'))?.[1]);
    const before = written();
    await untilSo(() => written() > before + 1_000_000);
    expect(fs.statSync(logFile()).size).toBe(size);
  });

  test('of an earlier hook is not named again', async () => {
    const first = await hook('setsid sh -c ": > up; exec sleep 60" & until [ -e up ]; do sleep 0.01; done');
    expect(first.survivors).toHaveLength(1);
    await untilSo(() => findProcesses(env).every((facts) => facts.pid === first.survivors[0]));
    // The clock of the kernel counts hundredths of a second.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await hook('true')).survivors).toEqual([]);
  });
});

describe('a hook that prints a lot', () => {
  test('goes well; its log keeps the beginning, the last lines, and how much lies between', async () => {
    const end = await hook('echo beginning; head -c 64000000 /dev/zero | tr "\\0" x; echo; echo last line', {
      logCapBytes: 1_000_000,
    });
    expect(end.ok).toBe(true);
    expect(end.tail.split('\n').at(-1)).toBe('last line');
    const log = fs.readFileSync(logFile(), 'latin1');
    expect(log.slice(0, 12)).toBe('beginning\nxx');
    expect(log.length).toBeLessThan(1_100_000);
    const dropped = Number(/\n\[\.\.\. (\d+) bytes not kept \.\.\.\]\n/.exec(log)?.[1]);
    expect(dropped + log.replace(/\n\[\.\.\. \d+ bytes not kept \.\.\.\]\n/, '').length).toBe(
      'beginning\n'.length + 64_000_000 + '\nlast line\n'.length,
    );
  });

  test('shows *** for a secret, also when it comes in pieces', async () => {
    const secrets = ['pä', 'pässword'];
    const script =
      'echo my pässword!; printf p; sleep 0.1; printf "\\303"; sleep 0.1; printf "\\244"; sleep 0.1; echo; echo it is p';
    const end = await hook(script, { secrets });
    expect(end.tail).toBe('my ***!\n***\nit is p');
    expect(fs.readFileSync(logFile(), 'utf8')).toBe(`${end.tail}\n`);
  });

  test('may print zero bytes', async () => {
    await hook('printf "a\\0b\\0"');
    expect(fs.readFileSync(logFile(), 'latin1')).toBe('a\0b\0');
  });
});
