import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { needs } from '../support/needs.ts';

const PAGE = join(import.meta.dirname, '../../docs/man/pkg.1');

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
