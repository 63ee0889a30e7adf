import { gunzipSync, gzipSync } from 'node:zlib';
import { type ArchiveCase, packed, raw } from './archive-case.ts';

const BODY_AT = 10;

/** Compressed data that is no gzip, is cut, is followed by something, or holds much more than it seems. */
export const CONTAINERS: readonly ArchiveCase[] = [
  raw('a first byte is wrong', 'not-gzip', (archive) => setByte(archive, 0, 0x1e)),
  raw('a second byte is wrong', 'not-gzip', (archive) => setByte(archive, 1, 0x9d)),
  raw('a compression method is unknown', 'not-gzip', (archive) => setByte(archive, 2, 7)),
  ...[0x20, 0x40, 0x80].map((flag) =>
    raw(`a reserved gzip flag ${flag} is set`, 'not-gzip', (archive) => setByte(archive, 3, flag)),
  ),
  raw('a name in the gzip header never ends', 'truncated', () =>
    Buffer.concat([gzipHead(8), Buffer.alloc(70_000, 0x61)]),
  ),
  raw('a comment in the gzip header never ends', 'truncated', () =>
    Buffer.concat([gzipHead(16), Buffer.alloc(70_000, 0x61)]),
  ),
  raw('an extra field is longer than the archive', 'truncated', () =>
    Buffer.concat([gzipHead(4), Buffer.from([0xff, 0xff, 0])]),
  ),
  raw('a name in the gzip header leaves', 'accepted', (archive) => withHead(archive, 8, '../../../etc/passwd\0')),
  raw('a comment stands in the gzip header', 'accepted', (archive) => withHead(archive, 16, 'hello\0')),
  raw('an extra field stands in the gzip header', 'accepted', (archive) => withHead(archive, 4, '\u0004\0abcd')),
  raw('it is a zip', 'not-gzip', () => Buffer.from('PK\u0003\u0004')),
  raw('it is a bare tar', 'not-gzip', () => Buffer.concat([Buffer.from('bundle.json'), Buffer.alloc(1013)])),
  raw('it is xz', 'not-gzip', () => Buffer.from('fd377a585a000004e6d6b446', 'hex')),
  raw('it is zstd', 'not-gzip', () => Buffer.from('28b52ffd24000000', 'hex')),
  raw('it is gzip of gzip', 'not-tar', (archive) => gzipSync(archive)),
  raw('it is gzip of nothing', 'truncated', () => gzipSync('')),
  raw('it is gzip of zeros alone', 'not-a-bundle', () => gzipSync(Buffer.alloc(10_240))),
  raw('a block of the compressed data has no type', 'gzip-damaged', (archive) => setByte(archive, BODY_AT, 0x07)),
  raw('the compressed data is rubbish', 'gzip-damaged', () => Buffer.concat([gzipHead(0), Buffer.alloc(1000, 0xff)])),
  raw('the length at the end is wrong', 'gzip-checksum', (archive) => setByte(archive, archive.length - 1, 0x77)),
  raw('the checksum at the end is zero', 'gzip-checksum', (archive) =>
    Buffer.concat([archive.subarray(0, -8), Buffer.alloc(4), archive.subarray(-4)]),
  ),
  ...[1, 4, 8, 9, 100].map((bytes) =>
    raw(`the last ${bytes} bytes are missing`, 'truncated', (archive) => archive.subarray(0, -bytes)),
  ),
  ...[1, 2, 5, 9, 10, 11].map((bytes) =>
    raw(`only ${bytes} bytes are there`, 'truncated', (archive) => archive.subarray(0, bytes)),
  ),
  raw('another archive follows', 'gzip-trailing-data', (archive) => Buffer.concat([archive, archive])),
  raw('a script follows', 'gzip-trailing-data', (archive) => Buffer.concat([archive, Buffer.from('#!/bin/sh\nid\n')])),
  packed('the end is one block', 'truncated', (tar) => tar.subarray(0, -512)),
  packed('the end is missing', 'truncated', (tar) => tar.subarray(0, -1024)),
  packed('a bomb of 256 megabytes follows the end', 'tar-trailing-data', (tar) =>
    Buffer.concat([tar, Buffer.alloc(256 * 1024 * 1024)]),
  ),
  packed('a byte is set in the first end block', 'bad-header', (tar) => setByte(tar, tar.length - 1000, 1)),
  packed('a byte is set in the second end block', 'tar-trailing-data', (tar) => setByte(tar, tar.length - 1, 1)),
  packed('an empty block stands before the first entry', 'not-a-bundle', (tar) =>
    Buffer.concat([Buffer.alloc(512), tar]),
  ),
  ...[0, 1, 9].map((level) =>
    raw(`it is compressed with level ${level}`, 'accepted', (archive) => gzipSync(gunzipSync(archive), { level })),
  ),
];

function setByte(bytes: Buffer, at: number, value: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = value;
  return changed;
}

function gzipHead(flags: number): Buffer {
  return Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3]);
}

function withHead(archive: Buffer, flag: number, text: string): Buffer {
  return Buffer.concat([gzipHead(flag), Buffer.from(text, 'latin1'), archive.subarray(BODY_AT)]);
}
