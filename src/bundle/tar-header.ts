import type { FileEntry } from '../model/index.ts';

/** What a tar header says of one entry; names are still bytes read as UTF-8. */
export const BLOCK = 512;

const MOST_OCTAL_SIZE = 0o77777777777;
const TYPE_FLAGS = { file: '0', symlink: '2', directory: '5' } as const;

/** The header blocks of an entry, pax ones first where the classic header cannot hold a name or size. */
export function encodeHeader(entry: FileEntry, mtime: number): Buffer {
  const name = entry.type === 'directory' ? `${entry.path}/` : entry.path;
  const size = entry.type === 'file' ? entry.size : 0;
  const target = entry.type === 'symlink' ? entry.target : '';
  const records = [
    ...(fits(name) ? [] : [paxRecord('path', name)]),
    ...(fits(target) ? [] : [paxRecord('linkpath', target)]),
    ...(size <= MOST_OCTAL_SIZE ? [] : [paxRecord('size', String(size))]),
  ];
  const header = encodeBlock({
    name: fits(name) ? name : `long/${shortened(entry.path)}${entry.type === 'directory' ? '/' : ''}`,
    target: fits(target) ? target : 'long',
    size: size <= MOST_OCTAL_SIZE ? size : 0,
    mode: Number.parseInt(entry.mode, 8),
    flag: TYPE_FLAGS[entry.type],
    mtime,
  });
  if (records.length === 0) return header;
  const pax = Buffer.from(records.join(''));
  const paxHeader = encodeBlock({ name: 'pax/header', target: '', size: pax.length, mode: 0o644, flag: 'x', mtime });
  return Buffer.concat([paxHeader, pax, Buffer.alloc(padding(pax.length)), header]);
}

/** Zero bytes between the end of an entry of this size and the next header. */
export function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** The sum over the header with its own field read as blanks. */
export function headerChecksum(block: Uint8Array): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < BLOCK; at += 1) {
    if (at < 148 || at >= 156) sum += block[at] ?? 0;
  }
  return sum;
}

type Block = {
  readonly name: string;
  readonly target: string;
  readonly size: number;
  readonly mode: number;
  readonly flag: string;
  readonly mtime: number;
};

function encodeBlock(block: Block): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  bytes.write(block.name, 0, 100);
  bytes.write(octal(block.mode, 7), 100);
  bytes.write(octal(0, 7), 108);
  bytes.write(octal(0, 7), 116);
  bytes.write(octal(block.size, 11), 124);
  bytes.write(octal(block.mtime, 11), 136);
  bytes.write(block.flag, 156);
  bytes.write(block.target, 157, 100);
  bytes.write('ustar\u000000', 257);
  bytes.write(`${octal(headerChecksum(bytes), 6)}\0 `, 148);
  return bytes;
}

// The prefix field is never used: readers disagree about it, while all of them know pax.
function fits(text: string): boolean {
  return text.length <= 100 && Buffer.byteLength(text) === text.length;
}

// For readers that do not know pax: something unique enough that stays inside the folder.
function shortened(path: string): string {
  return path.slice(-60).replaceAll(/[^a-zA-Z0-9_-]/g, '_');
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

/** `17 path=some/name\n`, where 17 counts the whole record in bytes, itself included. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + String(bytes).length;
  if (bytes + String(length).length !== length) length = bytes + String(length).length;
  return `${length}${rest}`;
}
