import { describe, expect, test } from 'vitest';
import { decideFile } from '../../src/config/index.ts';

type Row = readonly [sides: string, how: 'three-way' | 'keep' | 'replace', becomes: string];

/** `shipped before, mine now, shipped now`, each a letter for its content or `-` for absent. */
function decide([sides, how]: Row): string {
  const [base = null, mine = null, theirs = null] = [...sides].map((letter) => (letter === '-' ? null : letter));
  const decision = decideFile({ base, mine, theirs }, how);
  return decision.take === 'merge' || decision.beside === undefined
    ? decision.take
    : `${decision.take}, ${decision.beside} beside`;
}

describe('what becomes of a configuration file', () => {
  test.each<Row>([
    // never edited: follows the bundle, in, on and out
    ['--a', 'three-way', 'theirs'],
    ['aab', 'three-way', 'theirs'],
    ['aaa', 'three-way', 'theirs'],
    ['aa-', 'three-way', 'nothing'],
    // edited, and the bundle did not change it, or came to the same
    ['aba', 'three-way', 'mine'],
    ['abb', 'three-way', 'mine'],
    // edited here and changed there
    ['abc', 'three-way', 'merge'],
    ['abc', 'keep', 'mine, theirs beside'],
    ['abc', 'replace', 'theirs, mine beside'],
    // leaves the bundle with edits in it
    ['ab-', 'three-way', 'nothing, mine beside'],
    ['ab-', 'replace', 'nothing, mine beside'],
    // deleted by the operator: stays deleted, whatever the bundle ships
    ['a-a', 'three-way', 'nothing'],
    ['a-b', 'replace', 'nothing'],
    ['a--', 'three-way', 'nothing'],
    // added by the operator: stays, and only a file of the same name can contest it
    ['-b-', 'three-way', 'mine'],
    ['-bb', 'three-way', 'mine'],
    ['-bc', 'three-way', 'merge'],
    ['-bc', 'keep', 'mine, theirs beside'],
  ])('%s (%s): %s', (...row) => {
    expect(decide(row)).toBe(row[2]);
  });
});
