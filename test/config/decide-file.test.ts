import { describe, expect, test } from 'vitest';
import { decideFile } from '../../src/config/index.ts';

type Row = readonly [sides: string, how: 'three-way' | 'keep' | 'replace', policy: 'keep' | 'new', becomes: string];

/** `shipped before, mine now, shipped now`, each a letter for its content or `-` for absent. */
function decide([sides, how, policy]: Row): string {
  const [base = null, mine = null, theirs = null] = [...sides].map((letter) => (letter === '-' ? null : letter));
  const decision = decideFile({ base, mine, theirs }, how, policy);
  return decision.take === 'merge' || decision.beside === undefined
    ? decision.take
    : `${decision.take}, ${decision.beside} beside`;
}

describe('what becomes of a configuration file', () => {
  test.each<Row>([
    // never edited: follows the bundle, in, on and out
    ['--a', 'three-way', 'keep', 'theirs'],
    ['aab', 'three-way', 'keep', 'theirs'],
    ['aaa', 'three-way', 'keep', 'theirs'],
    ['aa-', 'three-way', 'keep', 'nothing'],
    // edited, and the bundle did not change it, or came to the same
    ['aba', 'three-way', 'keep', 'mine'],
    ['abb', 'three-way', 'keep', 'mine'],
    // edited here and changed there
    ['abc', 'three-way', 'keep', 'merge'],
    ['abc', 'keep', 'new', 'mine, theirs beside'],
    ['abc', 'replace', 'keep', 'theirs, mine beside'],
    // leaves the bundle with edits in it
    ['ab-', 'three-way', 'keep', 'nothing, mine beside'],
    ['ab-', 'replace', 'new', 'nothing, mine beside'],
    // deleted by the operator: stays deleted, whatever comes
    ['a-a', 'three-way', 'keep', 'nothing'],
    ['a-b', 'replace', 'new', 'nothing'],
    ['a--', 'three-way', 'keep', 'nothing'],
    // added by the operator: stays, and only a file of the same name can contest it
    ['-b-', 'three-way', 'keep', 'mine'],
    ['-bb', 'three-way', 'keep', 'mine'],
    ['-bc', 'three-way', 'keep', 'mine, theirs beside'],
    ['-bc', 'three-way', 'new', 'theirs, mine beside'],
  ])('%s (%s, --config %s): %s', (...row) => {
    expect(decide(row)).toBe(row[3]);
  });
});
