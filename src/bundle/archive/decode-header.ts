import { isUtf8 } from 'node:buffer';
import { BreachError } from './breach-error.ts';
import type { Rule } from './rules.ts';
import { BLOCK, headerChecksum, MOST_OCTAL_SIZE } from './tar-block.ts';

const ZEROS = Buffer.alloc(BLOCK);

/** One ustar header block in plain words; `flag` is the type character. */
export type Header = {
  readonly name: string;
  readonly target: string;
  readonly flag: string;
  readonly mode: number;
  readonly size: number;
};

/** Reads a header block strictly: what another reader might take differently is refused. */
export function decodeHeader(block: Buffer, after: string | null): Header {
  if (octalField(block, 148, 8) !== headerChecksum(block)) throw new BreachError('bad-header', after, 'wrong checksum');
  if (block.toString('latin1', 257, 265) !== 'ustar\u000000') {
    throw new BreachError('bad-header', nameOrNull(block, after), 'not POSIX ustar');
  }
  const prefix = textField(block, 345, 155);
  const name = prefix === '' ? textField(block, 0, 100) : `${prefix}/${textField(block, 0, 100)}`;
  if (!isZero(block.subarray(500, BLOCK))) throw new BreachError('bad-header', name, 'data behind the last field');
  return {
    name,
    target: textField(block, 157, 100, name),
    flag: String.fromCharCode(block[156] ?? 0),
    mode: octalField(block, 100, 8, name),
    size: sizeField(block, name),
  };
}

/** Whether every byte is zero. */
export function isZero(bytes: Buffer): boolean {
  if (bytes.length <= BLOCK) return bytes.equals(ZEROS.subarray(0, bytes.length));
  return bytes.every((byte) => byte === 0);
}

/** The text of name bytes, or the rule that they break. */
export function decodeName(bytes: Buffer): { readonly text: string; readonly rule: Rule | null } {
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes)) return { text, rule: 'not-utf-8' };
  return { text, rule: bytes.includes(0) ? 'nul-in-path' : null };
}

function textField(block: Buffer, at: number, length: number, entry?: string): string {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  // a name may only be followed by NULs: `good\0evil` is read as one or the other
  const isClean = end === -1 || isZero(field.subarray(end));
  const bytes = isClean && end !== -1 ? field.subarray(0, end) : field;
  const { text, rule } = decodeName(bytes);
  if (rule !== null) throw new BreachError(rule, entry ?? text.replace(/\0+$/, ''));
  return text;
}

function octalField(block: Buffer, at: number, length: number, entry: string | null = null): number {
  const text = block.toString('latin1', at, at + length);
  const digits = /^ *([0-7]+)[ \0]*$/.exec(text)?.[1];
  if (digits === undefined) throw new BreachError('bad-header', entry, 'a number that is not octal');
  return Number.parseInt(digits, 8);
}

// A size that has no room in octal digits is written in binary behind a set first bit: by GNU tar, by tar-stream, by us.
function sizeField(block: Buffer, entry: string): number {
  if (block[124] !== 0x80) return octalField(block, 124, 12, entry);
  const size = block.readBigUInt64BE(128);
  const isPlain = block.readUIntBE(125, 3) === 0 && size > MOST_OCTAL_SIZE && size <= Number.MAX_SAFE_INTEGER;
  if (!isPlain) throw new BreachError('bad-header', entry, 'a size that is not octal');
  return Number(size);
}

function nameOrNull(block: Buffer, otherwise: string | null): string | null {
  const { text, rule } = decodeName(block.subarray(0, Math.max(0, block.indexOf(0))));
  return rule === null && text !== '' ? text : otherwise;
}
