import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import canonicalize from 'canonicalize';

/** One entry exactly as it shall stand in the archive, however wrong. */
export type Part = {
  readonly name: string | Buffer;
  readonly flag?: string;
  readonly mode?: string;
  readonly size?: string | Buffer;
  readonly target?: string | Buffer;
  readonly body?: Buffer | string;
  readonly magic?: string;
  readonly prefix?: string;
  readonly padWith?: number;
  /** Written after the body is padded. */
  readonly tail?: Buffer;
  /** Added to the checksum, to break it. */
  readonly checksumOff?: number;
};

export type Row = Record<string, unknown>;

/** A small good bundle as table and parts, to be bent by a test. */
export function goodBundle(): { files: Row[]; parts: Part[]; manifest: Row } {
  const files = [
    directory('bin'),
    file('bin/run', '#!/bin/sh\n', '0755'),
    directory('lib'),
    file('lib/a', 'aaa'),
    link('lib/b', 'a'),
    file('lib/c', ''),
  ];
  return {
    manifest: { name: 'demo', version: '1.0.0' },
    files: files.map(({ row }) => row),
    parts: files.map(({ part }) => part),
  };
}

export function file(path: string, body: string, mode = '0644'): { row: Row; part: Part } {
  const sha256 = createHash('sha256').update(body).digest('hex');
  return {
    row: { path, type: 'file', mode, size: Buffer.byteLength(body), sha256 },
    part: { name: path, body, mode: `000${mode}` },
  };
}

export function directory(path: string): { row: Row; part: Part } {
  return { row: { path, type: 'directory', mode: '0755' }, part: { name: `${path}/`, flag: '5', mode: '0000755' } };
}

export function link(path: string, target: string): { row: Row; part: Part } {
  return {
    row: { path, type: 'symlink', mode: '0777', target },
    part: { name: path, flag: '2', mode: '0000777', target },
  };
}

/** A pax header for the part that follows it. */
export function pax(records: readonly (readonly [string, string | Buffer])[]): Part {
  const body = Buffer.concat(records.map(([key, value]) => paxRecord(key, Buffer.from(value))));
  return { name: 'pax', flag: 'x', body };
}

/** The stored form of `bundle.json`. */
export function bundleJson(manifest: Row, files: readonly Row[]): string {
  return canonicalize({ ...manifest, files }) ?? '';
}

/** A whole tar: bundle.json, the parts, the end mark. */
export function tarOf(text: string | Buffer, parts: readonly Part[], end: Buffer = Buffer.alloc(1024)): Buffer {
  return Buffer.concat([...[{ name: 'bundle.json', body: text }, ...parts].map(bytesOf), end]);
}

/** The .tgz of a good bundle after `bend` had its way with it. */
export function archiveOf(bend: (bundle: ReturnType<typeof goodBundle>) => void = () => {}): Buffer {
  const bundle = goodBundle();
  bend(bundle);
  return gzipSync(tarOf(bundleJson(bundle.manifest, bundle.files), bundle.parts));
}

function bytesOf(part: Part): Buffer {
  const body = Buffer.from(part.body ?? '');
  const header = Buffer.alloc(512);
  put(header, part.name, 0, 100);
  put(header, part.mode ?? '0000644', 100, 8);
  put(header, '0000000', 108, 8);
  put(header, '0000000', 116, 8);
  put(header, part.size ?? body.length.toString(8).padStart(11, '0'), 124, 12);
  put(header, '00000000000', 136, 12);
  put(header, part.flag ?? '0', 156, 1);
  put(header, part.target ?? '', 157, 100);
  put(header, part.magic ?? 'ustar\u000000', 257, 8);
  put(header, part.prefix ?? '', 345, 155);
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0) + (part.checksumOff ?? 0);
  put(header, `${sum.toString(8).padStart(6, '0')}\0 `, 148, 8);
  const padding = Buffer.alloc((512 - (body.length % 512)) % 512, part.padWith ?? 0);
  return Buffer.concat([header, body, padding, part.tail ?? Buffer.alloc(0)]);
}

function put(header: Buffer, value: string | Buffer, at: number, length: number): void {
  const bytes = Buffer.from(value);
  bytes.copy(header, at, 0, Math.min(length, bytes.length));
}

function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  let length = rest.length + 1;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
