import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { PROGRAM, until, workbench } from '../support/pkg.ts';

needs('script');

test('a terminal that takes nothing more, as over a connection that hangs, does not hold the change', async () => {
  const t = workbench();
  // More than lies between a program and whoever does not read: a wide window, and lines that fill it.
  const line = 'a line of the hook '.repeat(50);
  const hooks = { postinstall: `for n in $(seq 150); do echo "$n $n $n ${line} $n"; sleep 0.02; done` };
  const archive = await t.bundle('web', '1.0.0', { hooks });
  const command = `stty rows 40 cols 1000; '${process.execPath}' '${PROGRAM}' install '${archive}'`;
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    env: { PATH: process.env.PATH, HOME: t.home, LANG: 'C.UTF-8', TERM: 'xterm-256color', PKG_ROOT: t.root },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise((resolve) => child.once('close', resolve));
  let screen = '';
  child.stdout.on('data', (part: Buffer) => (screen += part.toString('utf8')));
  await until('the plan is shown', () => screen.includes('y  go on'));
  child.stdout.pause();
  child.stdin.write('y');
  await until('it is committed', async () => (await t.pkg('history')).out.includes('committed'));
  expect(await t.installed()).toEqual(['web@1.0.0']);
  child.stdout.resume();
  expect(await ended).toBe(0);
  expect(screen).toContain('generation 1 is live');
});
