import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { needs } from '../support/needs.ts';

const PAGE = join(import.meta.dirname, '../../docs/man/pkg.1');

describe('what is shipped', () => {
  it('has the page for man, where npm looks for it', () => {
    const top = join(import.meta.dirname, '../..');
    const { files, man } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'));
    expect(join(top, man)).toBe(join(PAGE));
    expect(files).toEqual(['dist', 'docs/man']);
  });
});

describe('the page for man', () => {
  needs('groff');

  it('is set without a complaint, and has every command with its options', async () => {
    const { stdout, stderr } = await execa('groff', ['-man', '-Tascii', '-ww', '-P-c', '-P-b', '-P-u', PAGE]);
    expect(stderr).toBe('');
    for (const { name } of commands) expect(stdout).toContain(`pkg ${name}`);
    expect(stdout).toContain('--accept-data-loss <name>');
    expect(stdout).toMatch(/EXIT STATUS\n +0 +done, or nothing to do/);
  });
});
