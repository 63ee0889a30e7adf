import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { browseFrame } from '../../src/cli/tui/history/browse-frame.ts';
import { type Browse, reduceBrowse } from '../../src/cli/tui/history/browse-state.ts';
import { PLAIN } from '../../src/cli/tui/terminal/plain.ts';
import type { Told } from '../../src/operations/look/history.ts';
import { needs } from '../support/needs.ts';
import { workbench } from '../support/pkg.ts';
import { inTmux } from '../support/tmux.ts';

const told = (id: number, outcome: Told['outcome'], command: string): Told => ({
  id,
  command,
  by: 'anna',
  startedAt: `2026-11-2${id}T12:00:00.000Z`,
  finishedAt: null,
  from: id === 1 ? null : id - 1,
  to: id,
  outcome,
  overrides: [],
  changes: [],
});

const HISTORY: Browse = {
  size: { columns: 80, rows: 24 },
  told: [
    told(3, 'undone', 'pkg install web-3.0.0.tgz'),
    told(2, 'committed', 'pkg install web-2.0.0.tgz'),
    told(1, 'committed', 'pkg install web-1.0.0.tgz'),
  ],
  live: 2,
  chosen: 0,
  isOpen: false,
  scroll: 0,
  words: null,
};

const after = (...keys: readonly string[]): Browse =>
  keys.reduce((state, key) => reduceBrowse(state, { kind: 'key', key }), HISTORY);

const drawn = (state: Browse): readonly string[] => browseFrame(state, PLAIN, ({ id }) => [`transaction ${id}`]);

describe('the history on a screen', () => {
  test('is what docs/screens shows', async () => {
    const text = drawn(after('end'))
      .join('\n')
      .replaceAll(/\d\d:\d\d/g, '12:00');
    await expect(`${text}\n`).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/screens/history.txt'));
  });

  test('goes back only to what was committed and is not live', () => {
    expect(after('r').words).toBe(null);
    expect(after('down', 'r').words).toBe(null);
    expect(after('down', 'down', 'down', 'r').words).toEqual(['rollback', '1']);
    expect(after('end', 'd').words).toEqual(['diff', '1']);
  });

  test('Esc goes back to the list, then leaves', () => {
    expect(drawn(after('down', 'enter'))).toContain('transaction 2');
    expect(after('down', 'enter', 'escape')).toMatchObject({ isOpen: false, words: null });
    expect(after('down', 'enter', 'escape', 'escape').words).toEqual([]);
  });

  test.each([
    [60, 15],
    [80, 24],
  ])('fits into %i columns and %i rows', (columns, rows) => {
    const many = Array.from({ length: 40 }, (_, n) => told(n % 10, 'committed', `pkg install ${'x'.repeat(90)}`));
    const lines = drawn({ ...HISTORY, told: many, chosen: 20, size: { columns, rows } });
    expect(lines.length).toBeLessThanOrEqual(rows);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(lines.filter((line) => line.startsWith('>'))).toHaveLength(1);
  });
});

describe('pkg without words on a terminal', () => {
  needs('tmux');

  test('shows the history, from which one goes back through a plan', async () => {
    const t = workbench();
    await t.ok('install', '--yes', await t.bundle('web', '1.0.0'));
    await t.ok('install', '--yes', await t.bundle('web', '2.0.0'));
    const pane = inTmux(t, []);
    await pane.shows('generation 2 is live');
    pane.press('Down');
    await pane.shows('$ pkg rollback 1');
    pane.press('r');
    expect(await pane.shows('y  go on')).toContain('v web  2.0.0 -> 1.0.0  down');
    pane.press('y');
    expect(await pane.ended()).toBe(0);
    expect(await t.installed()).toEqual(['web@1.0.0']);
  });

  test('is left without a trace, and shows help on ?', async () => {
    const t = workbench();
    const pane = inTmux(t, []);
    await pane.shows('Nothing was ever installed here');
    pane.press('q');
    expect(await pane.ended()).toBe(0);
    expect(t.exists()).toBe(false);
    const help = inTmux(t, []);
    await help.shows('Nothing was ever installed here');
    help.press('?');
    expect(await help.ended()).toBe(0);
    expect(help.screen()).toContain('Exit codes, JSON and every option');
  });
});
