import { describe, expect, test } from 'vitest';
import { dangersOf } from '../../src/cli/dangers.ts';
import { quoted } from '../../src/model/index.ts';
import type { Plan } from '../../src/model/index.ts';
import { PLAN } from './sample.ts';

describe('a whole word is asked for', () => {
  const purge = {
    kind: 'purge',
    name: 'web',
    deletes: [],
    phase: 'clean',
    summary: 'purge web',
    undo: 'none',
  } as const;

  test.each<readonly [string, Partial<Plan>, readonly string[]]>([
    ['an upgrade that can be gone back from', {}, []],
    ['a step without undo', { pointOfNoReturn: 3 }, ['after step 3 there is no undo']],
    ['what the way back loses', { wayBack: { class: 'none', loses: ['a day'] } }, ['cannot be brought back: a day']],
    ['what is deleted for good', { steps: [purge] }, ['data and configuration of web are deleted for good']],
    [
      'lower by force',
      { overrides: ['force'] },
      ['a version lower than the installed one was not made to be gone back to'],
    ],
    [
      'data given up',
      { overrides: ['accept-data-loss web'] },
      ['data that the version gone to cannot read may be lost'],
    ],
    ['a check left out', { overrides: ['skip-check suite'] }, []],
  ])('for %s', (_, plan, dangers) => {
    expect(dangersOf({ ...PLAN, ...plan })).toEqual(dangers);
  });
});

describe('a command line that is shown', () => {
  test.each([
    ['web@1.0.0', 'web@1.0.0'],
    ['web@>=1.2', "'web@>=1.2'"],
    ['web@*', "'web@*'"],
    ["it's", String.raw`'it'\''s'`],
    ['~/web.tgz', "'~/web.tgz'"],
    ['', "''"],
  ])('can be pasted: %s', (word, shown) => {
    expect(quoted(word)).toBe(shown);
  });
});
