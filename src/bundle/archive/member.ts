import { BreachError } from './breach-error.ts';

/** What the tar bytes of a member begin with: bundle.json, a header of the table, the rest of a file, the end mark. */
export type Kind = 'table' | 'entries' | 'rest' | 'end';

/** What a member says of itself in its header; every number is a claim until its bytes were looked at. */
export type Claims = {
  readonly kind: Kind;
  /** The first row of the table whose header lies in this member, or would if there is none. */
  readonly firstRow: number;
  /** Rows whose headers lie in this member. */
  readonly rows: number;
  /** Bytes of the member, header and trailer included. */
  readonly length: number;
  /** Bytes of tar in it. */
  readonly inflated: number;
  /** CRC-32 of everything behind the header, so that damage shows without inflating. */
  readonly sum: number;
};

/** One gzip member and where in the file it begins. */
export type Member = Claims & { readonly at: number };

const KINDS: readonly Kind[] = ['table', 'entries', 'rest', 'end'];
// gzip with an extra field; no name, no time, Unix: nothing in it depends on where and when the archive was made.
// The field has one subfield, `pk`, of 21 bytes (RFC 1952, 2.3.1.1).
const START = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 3, 25, 0, 0x70, 0x6b, 21, 0]);

/** Bytes before the compressed ones. */
export const MEMBER_HEADER = START.length + 21;
/** gzip's own checksum and length, behind the compressed bytes. */
export const MEMBER_TRAILER = 8;
/** The most tar bytes in one member: what a reader may have to hold at once. */
export const MOST_INFLATED = 1024 * 1024;
// what deflate adds to bytes that cannot be compressed is far less
const MOST_LENGTH = MOST_INFLATED + 64 * 1024;

/** Whether bytes begin as only a member of ours does. */
export function isMemberHeader(bytes: Buffer): boolean {
  return bytes.length >= START.length && bytes.subarray(0, START.length).equals(START);
}

export function encodeMember({ kind, firstRow, rows, length, inflated, sum }: Claims): Buffer {
  const header = Buffer.alloc(MEMBER_HEADER);
  START.copy(header);
  header.writeUInt8(KINDS.indexOf(kind), START.length);
  for (const [n, value] of [firstRow, rows, length, inflated, sum].entries()) {
    header.writeUInt32LE(value, START.length + 1 + 4 * n);
  }
  return header;
}

/** Reads a header that is known to be one of ours; what no writer of ours would say is refused. */
export function decodeMember(header: Buffer, at: number): Member {
  const kind = KINDS[header.readUInt8(START.length)];
  const number = (n: number): number => header.readUInt32LE(START.length + 1 + 4 * n);
  const [firstRow, rows, length, inflated, sum] = [number(0), number(1), number(2), number(3), number(4)];
  const isPossible =
    length > MEMBER_HEADER + MEMBER_TRAILER && length <= MOST_LENGTH && inflated > 0 && inflated <= MOST_INFLATED;
  if (kind === undefined || !isPossible) throw new BreachError('member-index', null, `at byte ${at}`);
  return { kind, firstRow, rows, length, inflated, sum, at };
}
