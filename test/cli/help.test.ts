import { describe, expect, test } from 'vitest';
import { helpWords } from '../../src/cli/help-words.ts';
import { workbench } from '../support/pkg.ts';

describe('help', () => {
  test.each([
    ['help', '--help'],
    ['help gc', 'gc --help'],
    ['help service start', 'service start --help'],
    ['--root /x help gc', '--root /x gc --help'],
    ['gc -h', 'gc --help'],
    ['install ./web.tgz --help', 'install ./web.tgz --help'],
    ['exec -- perl --help', 'exec -- perl --help'],
    // Told as a mistake.
    ['help nope', 'nope'],
    ['nope --help', 'nope'],
    ['service nope --help', 'service nope'],
  ])('%s', (typed, meant) => {
    expect(helpWords(typed.split(' '))).toEqual(meant.split(' '));
  });

  test('for what is no command is a mistake with what was meant', async () => {
    const t = workbench();
    for (const words of [
      ['help', 'instal'],
      ['instal', '--help'],
    ])
      expect(await t.pkg(...words), words.join(' ')).toMatchObject({
        exit: 2,
        out: '',
        err: expect.stringContaining("unknown command 'instal'\nhint: did you mean: pkg install\n"),
      });
  });

  test('fits into 80 columns, and names every command in its group and what is understood everywhere', async () => {
    const t = workbench();
    const { exit, lines } = await t.ok('--help');
    expect(exit).toBe(0);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines).not.toContain('Commands:');
    expect(lines).toContain('Everywhere:');
    for (const words of [['service'], ['install'], ['maintenance'], ['config', 'merge']]) {
      const below = await t.ok(...words, '--help');
      expect(below.lines.filter((line) => line.length > 80)).toEqual([]);
      expect(below.lines[1]).toMatch(/^[A-Z].*\S$/);
      expect((await t.ok('help', ...words)).out).toBe(below.out);
    }
  });
});
