import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/** One member as it shall stand in the archive; what is not said is what a good one would say. */
export type Part = {
  readonly kind: 'table' | 'entries' | 'rest' | 'end';
  readonly firstRow: number;
  readonly rows: number;
  /** The tar bytes that are compressed. */
  readonly tar: Buffer;
  /** What stands in the place of the compressed bytes. */
  readonly compressed?: Buffer;
  readonly claims?: { readonly length?: number; readonly inflated?: number; readonly sum?: number };
  readonly trailer?: Buffer;
};

const KINDS = ['table', 'entries', 'rest', 'end'] as const;
const HEADER = 37;

/** A tar as three members: bundle.json, all entries, the end mark. */
export function divide(tar: Buffer, rows: number): readonly Part[] {
  const size = Number.parseInt(tar.toString('latin1', 124, 135), 8);
  const table = 512 + Math.ceil(size / 512) * 512;
  return [
    { kind: 'table', firstRow: 0, rows: 0, tar: tar.subarray(0, table) },
    ...(rows === 0 ? [] : [{ kind: 'entries', firstRow: 0, rows, tar: tar.subarray(table, -1024) } as const]),
    { kind: 'end', firstRow: rows, rows: 0, tar: tar.subarray(-1024) },
  ];
}

/** The members of an archive that `pkg build` made. */
export function takeApart(archive: Buffer): readonly Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < archive.length; ) {
    const length = archive.readUInt32LE(at + 25);
    const tar = inflateRawSync(archive.subarray(at + HEADER, at + length - 8));
    const kind = KINDS[archive.readUInt8(at + 16)] ?? 'end';
    parts.push({ kind, firstRow: archive.readUInt32LE(at + 17), rows: archive.readUInt32LE(at + 21), tar });
    at += length;
  }
  return parts;
}

/** The archive that these members make. */
export function putTogether(parts: readonly Part[]): Buffer {
  return Buffer.concat(parts.map(memberOf));
}

function memberOf({ kind, firstRow, rows, tar, claims, ...bent }: Part): Buffer {
  const compressed = bent.compressed ?? deflateRawSync(tar);
  const trailer = bent.trailer ?? numbers(crc32(tar), tar.length);
  const body = Buffer.concat([compressed, trailer]);
  const length = claims?.length ?? HEADER + body.length;
  const said = numbers(firstRow, rows, length, claims?.inflated ?? tar.length, claims?.sum ?? crc32(body));
  const start = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 3, 25, 0, 0x70, 0x6b, 21, 0, KINDS.indexOf(kind)];
  return Buffer.concat([Buffer.from(start), said, body]);
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [n, value] of values.entries()) bytes.writeUInt32LE(value, 4 * n);
  return bytes;
}
