import { describe, expect, test } from 'vitest';
import { mergeTexts } from '../../src/config/index.ts';

const lines = (...all: readonly string[]): Buffer => Buffer.from(`${all.join('\n')}\n`);

describe('a three-way merge', () => {
  test('takes both edits when they are apart', () => {
    const merged = mergeTexts(
      lines('top', 'a', 'b', 'c', 'end'),
      lines('mine', 'a', 'b', 'c', 'end'),
      lines('top', 'a', 'b', 'c', 'theirs'),
    );
    expect(merged).toBe('mine\na\nb\nc\ntheirs\n');
  });

  test('is a conflict when both edited the same line', () => {
    expect(mergeTexts(lines('port 1'), lines('port 2'), lines('port 3'))).toBeNull();
  });

  test('is none when both made the same edit', () => {
    expect(mergeTexts(lines('a', 'b'), lines('a', 'x'), lines('a', 'x'))).toBe('a\nx\n');
  });

  test('keeps CR LF line ends of the lines it takes', () => {
    const merged = mergeTexts(
      Buffer.from('a\r\nb\r\nc\r\n'),
      Buffer.from('x\r\nb\r\nc\r\n'),
      Buffer.from('a\r\nb\r\ny\r\n'),
    );
    expect(merged).toBe('x\r\nb\r\ny\r\n');
  });

  test.each([
    ['binary content', Buffer.from([0, 1, 2])],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x41])],
    ['thousands of equal lines, which would take minutes', Buffer.from('same\n'.repeat(3000))],
  ])('is left to the operator for %s', (_what, content) => {
    const mine = Buffer.concat([content, Buffer.from('mine\n')]);
    const theirs = Buffer.concat([Buffer.from('theirs\n'), content]);
    expect(mergeTexts(content, mine, theirs)).toBeNull();
  });
});
