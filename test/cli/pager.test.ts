import { describe, expect, test } from 'vitest';
import { CODES } from '../../src/error.ts';
import { workbench } from '../support/pkg.ts';
import { onTerminal } from '../support/terminal.ts';

const TERMINAL = { TERM: 'xterm', PAGER: "sed 's/^/paged: /'" };

describe('what does not fit on a terminal', () => {
  test('is shown by the pager, and nothing else is', async () => {
    const t = workbench();
    const { exit, screen } = await onTerminal(t, ['explain'], [], TERMINAL);
    expect(exit).toBe(0);
    expect(screen.match(/^paged: /gm)).toHaveLength(Object.keys(CODES).length);
    expect((await onTerminal(t, ['explain', 'locked'], [], TERMINAL)).screen).not.toContain('paged: ');
  });

  test('turns no letters round there either', async () => {
    const t = workbench();
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`a\u202e${n}`, '']));
    await t.ok('install', '-y', await t.bundle('app', '1.0.0', { files }));
    const { screen } = await onTerminal(t, ['files', 'app'], [], TERMINAL);
    expect(screen).toMatch(/^paged: .*a\\u\{202e\}0/m);
  });

  test('is printed where there is no terminal, none that can go back, no such program, or none is wanted', async () => {
    const t = workbench();
    expect((await t.run(['explain'], { env: TERMINAL })).out).not.toContain('paged: ');
    for (const env of [
      { ...TERMINAL, TERM: 'dumb' },
      { ...TERMINAL, PAGER: '' },
      { ...TERMINAL, PAGER: 'no-such-pager' },
    ]) {
      const { exit, screen } = await onTerminal(t, ['explain'], [], env);
      expect(exit).toBe(0);
      expect(screen).not.toContain('paged: ');
      expect(screen).toContain('downgrade-needs-force');
    }
    expect((await onTerminal(t, ['explain', '--no-input'], [], TERMINAL)).screen).not.toContain('paged: ');
  });

  test('may be left unread', async () => {
    const { exit } = await onTerminal(workbench(), ['explain'], [], { ...TERMINAL, PAGER: 'head -n 1' });
    expect(exit).toBe(0);
  });
});
