import { describe, expect, test } from 'vitest';
import { pathRule } from '../../src/bundle/archive/entry-path.ts';
import { tableBreaches } from '../../src/bundle/manifest/file-table.ts';
import type { FileEntry } from '../../src/model/index.ts';

function fileAt(path: string): FileEntry {
  return { path, type: 'file', mode: '0644', size: 0, sha256: '0'.repeat(64) };
}

function rulesOf(...paths: readonly string[]): readonly string[] {
  return [...tableBreaches(paths.map(fileAt))].map(({ rule, entry, found }) =>
    `${rule} ${entry} ${found ?? ''}`.trim(),
  );
}

const KELVIN = '\u212a';
const [composed, decomposed] = ['\u00e9', 'e\u0301'];

describe('two names that a file system may take for one', () => {
  test.for([
    ['both beyond ASCII', [decomposed, composed], `same-name-in-unicode ${composed} ${decomposed}`],
    ['one plain, the other beyond ASCII', ['K', KELVIN], `same-name-in-unicode ${KELVIN} K`],
  ] as const)('are refused: %s', ([, paths, rule]) => {
    expect(rulesOf(...paths)).toEqual([rule]);
  });

  test('are none when they only look alike', () => {
    expect(rulesOf('K', 'k', 'e', 'ë')).toEqual(['entry-order e']);
    expect(rulesOf('K', 'e', 'k', 'ë')).toEqual([]);
  });
});

describe('the path of an entry', () => {
  test.for([
    ['a', null],
    ['bin/web-1.0_x@y+z', null],
    ['.hidden/.also', null],
    ['a b/c', null],
    [`${'d/'.repeat(100)}f`, null],
    [`${'d/'.repeat(101)}f`, 'path-too-long'],
    ['n'.repeat(255), null],
    ['n'.repeat(256), 'path-too-long'],
    ['a//b', 'path-form'],
    ['a/', 'path-form'],
    ['', 'path-form'],
    ['a/./b', 'path-form'],
    ['a/../b', 'dot-dot'],
    ['/a', 'absolute-path'],
    ['a\n', null],
    ['a\0b', 'nul-in-path'],
    ['\ud800', 'not-utf-8'],
  ] as const)('%j breaks %s', ([path, rule]) => {
    expect(pathRule(path)).toBe(rule);
  });
});
