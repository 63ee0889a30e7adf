import { describe, expect, test } from 'vitest';
import { until, type Workbench, workbench } from '../support/pkg.ts';

async function perls(): Promise<Workbench> {
  const t = workbench();
  for (const version of ['5.6.0', '5.8.0']) {
    await t.ok(
      'install',
      '-y',
      await t.bundle('perl', version, {
        files: { 'bin/perl': `#!/bin/sh\necho ${version} "$PERL5LIB" "$@"\n` },
        bin: { perl: 'bin/perl' },
        env: { PERL5LIB: `\${bundle}/lib` },
      }),
    );
  }
  return t;
}

describe('exec', () => {
  test('finds the commands and variables of the live generation first, or of another', async () => {
    const t = await perls();
    expect((await t.ok('exec', '--', 'perl', '-v', '--wait')).out).toMatch(
      /^5\.8\.0 .*\/store\/perl\/5\.8\.0-[0-9a-f]{12}\/lib -v --wait\n$/,
    );
    expect((await t.ok('exec', '--generation', '1', '--', 'perl')).out).toMatch(/^5\.6\.0 .*\/store\/perl\/5\.6\.0/);
    await t.ok('tag', 'old', '1');
    expect((await t.ok('exec', '--generation', 'old', '--', 'perl')).out).toMatch(/^5\.6\.0/);
  });

  test('passes on input, other variables and the exit number', async () => {
    const t = await perls();
    const ended = await t.run(['exec', '--', 'sh', '-c', 'cat; echo "$MINE"; exit 42'], {
      input: 'in',
      env: { MINE: 'x' },
    });
    expect(ended).toMatchObject({ exit: 42, out: 'inx\n', err: '' });
    expect((await t.pkg('exec', '--', 'sh', '-c', 'kill -KILL $$')).exit).toBe(137);
  });

  test('passes on signals', async () => {
    const t = await perls();
    const { child, ended, outSoFar } = t.start([
      'exec',
      '--',
      'sh',
      '-c',
      'trap "echo heard; exit 9" TERM; echo up; while :; do sleep 0.05; done',
    ]);
    await until('the command runs', () => outSoFar().includes('up'));
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ exit: 9, out: 'up\nheard\n' });
  });

  test('says so when there is no such command', async () => {
    const t = await perls();
    const ended = await t.pkg('exec', '--', 'prel');
    expect(ended.exit).toBe(127);
    expect(ended.err).toContain('cannot run prel: generation 2 has no such command, and neither has the PATH');
    expect(ended.err).toContain('hint: did you mean: pkg exec -- perl\n');
    expect((await t.pkg('exec', '--', '/etc/passwd')).exit).toBe(126);
    expect(await t.pkg('exec', '--generation', '9', '--', 'perl')).toMatchObject({ exit: 1 });
  });
});
