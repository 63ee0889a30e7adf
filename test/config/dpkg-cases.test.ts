import { describe, expect, test } from 'vitest';
import { settleFiles } from '../../src/config/index.ts';
import { entriesOf, type Files, filesOf } from './in-memory.ts';

/**
 * What dpkg 1.21 does to a conffile `c`, measured, and what we do. Sides: shipped before, there now, shipped now; each
 * a letter for its text or `-` for absent. Results: `Y`, `Y new=Z` (Z lies beside it), `-` (nothing there).
 */
type Row = readonly [sides: string, confold: string, confnew: string, ours?: readonly [keep: string, new_: string]];

const CASES: readonly Row[] = [
  ['XXX', 'X', 'X'],
  ['XYX', 'Y', 'Y'],
  ['XZX', 'Z', 'Z'],
  ['XXZ', 'Z', 'Z'],
  ['XZZ', 'Z', 'Z'],
  ['XYZ', 'Y new=Z', 'Z old=Y'],
  ['X-X', '-', '-'],
  ['--X', 'X', 'X'],
  ['-ZZ', 'Z', 'Z'],
  ['-YX', 'Y new=X', 'X old=Y'],
  ['-ZX', 'Z new=X', 'X old=Z'],
  ['---', '-', '-'],
  ['-Y-', 'Y', 'Y'],
  ['X--', '-', '-'],
  // a file that the operator deleted stays deleted, and nothing is put beside it
  ['X-Z', '- new=Z', 'Z', ['-', '-']],
  // what was never edited leaves with its bundle; dpkg keeps it for ever
  ['XX-', 'X', 'X', ['-', '-']],
  // an edit in a file that leaves is put aside by name; dpkg leaves it in use
  ['XY-', 'Y', 'Y', ['- old=Y', '- old=Y']],
  ['XZ-', 'Z', 'Z', ['- old=Z', '- old=Z']],
];

describe('the cases of dpkg', () => {
  test.each(CASES.map((row) => [row[0], row] as const))('%s', (_sides, [sides, confold, confnew, ours]) => {
    expect([settle(sides, 'keep'), settle(sides, 'new')]).toEqual(ours ?? [confold, confnew]);
  });

  test('an edited conffile that becomes an ordinary file is overwritten by dpkg; here the edit lies beside', () => {
    expect(settle('XY-', 'keep')).toBe('- old=Y');
  });
});

function settle([base = '-', mine = '-', theirs = '-']: string, policy: 'keep' | 'new'): string {
  const side = (letter: string) => entriesOf(letter === '-' ? {} : { c: `${letter}\n` });
  const sides = { base: side(base), mine: side(mine), theirs: side(theirs) };
  const { entries } = settleFiles({ ...sides, how: new Map(), policy, exact: null, choices: new Map() });
  return inWords(filesOf(entries));
}

function inWords({ c, ...beside }: Files): string {
  const others = Object.entries(beside).map(([name, text]) => ` ${name.replace('c.pkg-', '')}=${text.trim()}`);
  return `${c?.trim() ?? '-'}${others.join('')}`;
}
