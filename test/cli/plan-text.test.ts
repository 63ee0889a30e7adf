import { describe, expect, test } from 'vitest';
import { workbench } from '../support/pkg.ts';
import { onTerminal } from '../support/terminal.ts';

describe('the plan as text', () => {
  test('stands in sections, what is removed nearest to the question, and is summed up', async () => {
    const t = workbench();
    await t.ok(
      'install',
      '-y',
      await t.bundle('a', '1.0.0'),
      await t.bundle('b', '1.0.0'),
      await t.bundle('c', '2.0.0'),
    );
    const files = [await t.bundle('a', '2.0.0'), await t.bundle('new', '1.0.0')];
    const planned = await t.ok('install', '--dry-run', '--remove', 'b', ...files);
    expect(planned.err.split('\n').slice(0, 8)).toEqual([
      'generation 1 -> generation 2',
      'Installing:',
      '  new  1.0.0',
      'Upgrading:',
      '  a    1.0.0 -> 2.0.0',
      'REMOVING:',
      '  b    1.0.0',
      '  1 installed, 1 upgraded, 1 REMOVED; no running service is touched',
    ]);
  });

  test('has colours on a terminal, and none where NO_COLOR or a pipe forbids them', async () => {
    const t = workbench();
    const words = ['plan', 'install', await t.bundle('a', '1.0.0')];
    expect((await t.ok(...words)).out).not.toContain('\u001b[');
    expect((await t.ok(...words, '--color', 'always')).out).toContain('\u001b[1m');
    const terminal = { TERM: 'xterm-256color' };
    expect((await onTerminal(t, words, [], terminal)).screen).toContain('\u001b[1m');
    expect((await onTerminal(t, words, [], { ...terminal, NO_COLOR: '1' })).screen).not.toContain('\u001b[1m');
  });
});
