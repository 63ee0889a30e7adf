import { readSync, writeSync } from 'node:fs';
import { crc32, inflateRawSync, type ZlibOptions } from 'node:zlib';
import { BreachError } from './breach-error.ts';
import { decodeMember, isMemberHeader, MEMBER_HEADER, MEMBER_TRAILER, type Member } from './member.ts';

/** An open archive, and where a copy of what is read of it goes. */
export type Source = { readonly fd: number; readonly copyFd: number | null };

// smaller ones Node would take out of a buffer that is shared
const OWN = 128 * 1024;

/** The tar bytes of members, one after the other. A chunk is gone when the next one is asked for. */
export async function* inflateMembers(source: Source, members: Iterable<Member>): AsyncGenerator<Buffer> {
  for (const member of members) {
    const chunk = inflate(readMember(source, member), member);
    yield chunk;
    // freed at once: the garbage collector would let hundreds of them wait
    (chunk.buffer as ArrayBuffer).transfer(0);
  }
}

/** Reads the compressed bytes of a member, holds them against their checksum, and copies what was checked. */
export function readMember({ fd, copyFd }: Source, member: Member): Buffer {
  const bytes = scratch(member.length);
  for (let at = 0; at < bytes.length; ) {
    const read = readSync(fd, bytes, at, bytes.length - at, member.at + at);
    if (read === 0) throw new BreachError('truncated', null);
    at += read;
  }
  if (!isMemberHeader(bytes) || !isSame(decodeMember(bytes, member.at), member)) throw lies(member);
  if (crc32(bytes.subarray(MEMBER_HEADER)) !== member.sum)
    throw new BreachError('member-checksum', null, place(member));
  for (let at = 0; at < bytes.length && copyFd !== null; ) {
    at += writeSync(copyFd, bytes, at, bytes.length - at, member.at + at);
  }
  return bytes;
}

// The file may have been changed since its index was read.
function isSame(found: Member, member: Member): boolean {
  return (Object.keys(member) as readonly (keyof Member)[]).every((key) => found[key] === member[key]);
}

function inflate(bytes: Buffer, member: Member): Buffer {
  const compressed = bytes.subarray(MEMBER_HEADER, -MEMBER_TRAILER);
  // one byte more than is allowed: a full buffer would call for another one
  const limits = { chunkSize: Math.max(OWN, member.inflated + 1), maxOutputLength: member.inflated };
  const { buffer, engine } = inflateWithInfo(compressed, { ...limits, info: true }, member);
  if (engine.bytesWritten !== compressed.length || buffer.length !== member.inflated) throw lies(member);
  const trailer = bytes.subarray(-MEMBER_TRAILER);
  if (trailer.readUInt32LE(4) !== buffer.length) throw lies(member);
  if (trailer.readUInt32LE(0) !== crc32(buffer)) throw new BreachError('gzip-checksum', null);
  return buffer;
}

type Inflated = { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };

function inflateWithInfo(compressed: Buffer, options: ZlibOptions, member: Member): Inflated {
  try {
    // the types do not know what `info` changes
    return inflateRawSync(compressed, options) as unknown as Inflated;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw lies(member);
    if (code === 'Z_BUF_ERROR' || code === 'Z_DATA_ERROR') throw new BreachError('gzip-damaged', null);
    throw error;
  }
}

function lies(member: Member): BreachError {
  return new BreachError('member-index', null, place(member));
}

function place({ at }: Member): string {
  return `at byte ${at}`;
}

let scratchBuffer = Buffer.alloc(0);

// One for all members: hundreds of them would be more memory than everything else.
function scratch(length: number): Buffer {
  if (scratchBuffer.length < length) scratchBuffer = Buffer.allocUnsafeSlow(length);
  return scratchBuffer.subarray(0, length);
}
