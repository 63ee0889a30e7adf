import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { needsOldNode, oldNode } from './old-node.ts';
import { placeProgram } from './place-program.ts';

const NEW = process.versions.node;

describe('on a Node that is new enough', () => {
  test('the program runs in the process that was started', () => {
    const { launcher } = placeProgram();
    const { said, pid } = run(process.execPath, launcher, 'list', '--all');
    expect(said).toMatchObject({ words: ['list', '--all'], node: NEW, pid });
  });

  test('the version is answered before anything is loaded', () => {
    const { launcher } = placeProgram();
    writeFileSync(join(launcher, '../main.mjs'), 'throw new Error("loaded")');
    expect(run(process.execPath, launcher, '--version')).toMatchObject({ stdout: '@VERSION@\n', status: 0 });
    expect(run(process.execPath, launcher, 'list', '--version').stderr).toContain('loaded');
  });

  test('nobody listening to the version is no failure', async () => {
    const { launcher } = placeProgram();
    const child = spawn('sh', ['-c', '"$0" "$1" --version; echo "ended $?" >&2', process.execPath, launcher]);
    child.stdout.destroy();
    const [text] = (await once(child.stderr.setEncoding('utf8'), 'data')) as [string];
    expect(text).toBe('ended 0\n');
  });
});

describe('on an old Node', () => {
  needsOldNode();

  test.each(['node_modules/node/bin/node', 'node_modules/.bin/node', 'bin/node', 'dist/node'])(
    'the program runs on the newer one in %s',
    (place) => {
      const { launcher } = placeProgram(place);
      expect(run(oldNode, launcher, 'list', '').said).toMatchObject({ words: ['list', ''], node: NEW });
    },
  );

  test('a link to the launcher finds the Node beside the launcher', () => {
    const { top, launcher } = placeProgram('node_modules/node/bin/node');
    mkdirSync(join(top, 'elsewhere/deep'), { recursive: true });
    const link = join(top, 'elsewhere/deep/pkg');
    symlinkSync(launcher, link);
    expect(run(oldNode, link, 'list').said).toMatchObject({ words: ['list'], node: NEW });
  });

  test('a link to the launcher also finds the Node beside the link', () => {
    const { top, launcher } = placeProgram('elsewhere/bin/node');
    const link = join(top, 'elsewhere/bin/pkg');
    symlinkSync(launcher, link);
    expect(run(oldNode, link, 'list').said).toMatchObject({ node: NEW });
  });

  test('a Node beside that does not run here, or is old too, is passed over', () => {
    const { top, launcher } = placeProgram('dist/node');
    mkdirSync(join(top, 'node_modules/node/bin'), { recursive: true });
    writeFileSync(join(top, 'node_modules/node/bin/node'), '\x7fELF of another processor');
    chmodSync(join(top, 'node_modules/node/bin/node'), 0o755);
    mkdirSync(join(top, 'bin'));
    symlinkSync(oldNode, join(top, 'bin/node'));
    expect(run(oldNode, launcher, 'list').said).toMatchObject({ node: NEW });
  });

  test('without a newer one beside, one line says what is needed', () => {
    const { top, launcher } = placeProgram();
    const { status, stdout, stderr } = run(oldNode, launcher, 'list');
    const old = spawnSync(oldNode, ['-p', '`${process.versions.node} (${process.execPath})`'], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toBe(
      `pkg: needs Node 24 or newer, this is ${old.stdout.trim()}; install a newer one, or put it beside as ${top}/dist/node\n`,
    );
  });

  test('the version is answered without a newer one', () => {
    expect(run(oldNode, placeProgram().launcher, '--version').stdout).toBe('@VERSION@\n');
  });

  test('the exit code is the one of the program', () => {
    const { launcher } = placeProgram('dist/node');
    expect(run(oldNode, launcher, 'exit', '10').status).toBe(10);
  });

  test.each(['SIGKILL', 'SIGTERM', 'SIGHUP', 'SIGINT'] as const)('a program that dies of %s is seen to', (signal) => {
    const { launcher } = placeProgram('dist/node');
    expect(run(oldNode, launcher, 'die', signal).signal).toBe(signal);
  });

  test('signals to the launcher reach the program', async () => {
    const { launcher } = placeProgram('dist/node');
    const child = spawn(oldNode, [launcher, 'wait'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = readLines(child);
    expect(await lines()).toContain('wait');
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const) {
      child.kill(signal);
      expect(await lines()).toBe(signal);
    }
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('Ctrl-C reaches the program once, not twice', async () => {
    const { launcher } = placeProgram('dist/node');
    const command = `stty -echo; exec ${oldNode} ${launcher} wait`;
    const child = spawn('script', ['-qec', command, '/dev/null'], { stdio: 'pipe' });
    const lines = readLines(child);
    const { ppid } = JSON.parse(await lines()) as { readonly ppid: number };
    child.stdin.write('\x03');
    expect(await lines()).toBe('SIGINT');
    // Forwarded behind whatever else would be forwarded.
    process.kill(ppid, 'SIGTERM');
    expect(await lines()).toBe('SIGTERM');
    child.stdin.end();
    await once(child, 'exit');
  });

  test('stopping and continuing the launcher does the same to the program', async () => {
    const { launcher } = placeProgram('dist/node');
    const child = spawn(oldNode, [launcher, 'wait'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = readLines(child);
    const { pid } = JSON.parse(await lines()) as { readonly pid: number };
    try {
      child.kill('SIGTSTP');
      await expect.poll(() => [stateOf(child.pid), stateOf(pid)], { timeout: 10_000 }).toEqual(['T', 'T']);
      child.kill('SIGCONT');
      expect(await lines()).toBe('SIGCONT');
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    } finally {
      // What is stopped would be left behind, with our stderr open.
      child.kill('SIGKILL');
    }
  });
});

describe('on a Node that is too old but can replace itself', () => {
  // This Node plays the old one: the launcher is told to ask for one more than it is.
  test('the program takes over the process', () => {
    const { top, launcher } = placeProgram();
    const major = Number(NEW.split('.')[0]) + 1;
    writeFileSync(launcher, readFileSync(launcher, 'utf8').replace('NEEDED = 24', `NEEDED = ${major}`));
    const newer = join(top, 'dist/node');
    writeFileSync(newer, `#!/bin/sh\n[ "$1" = -v ] && echo v${major}.0.0 || echo "$$ $*"\n`);
    chmodSync(newer, 0o755);
    const { stdout, pid } = run(process.execPath, launcher, 'list', '--all');
    expect(stdout).toBe(`${pid} ${launcher} list --all\n`);
  });
});

function run(node: string, ...words: readonly string[]) {
  const { pid, status, signal, stdout, stderr } = spawnSync(node, words, { encoding: 'utf8' });
  return { pid, status, signal, stdout, stderr, said: parsed(stdout) };
}

function parsed(stdout: string): unknown {
  return stdout.startsWith('{') ? JSON.parse(stdout.split('\n')[0] ?? '') : null;
}

/** The lines a program says, one for each call. */
function readLines(child: ChildProcess): () => Promise<string> {
  if (child.stdout === null) throw new Error('nothing is piped');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async () => String((await lines.next()).value);
}

function stateOf(pid: number | undefined): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2)[0];
}
