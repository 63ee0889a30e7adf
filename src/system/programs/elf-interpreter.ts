import fs from 'node:fs';

const PROGRAM_HEADERS_MOST = 1 << 16;
const INTERPRETER = 3;

/** The loader that a dynamic ELF program asks for; null for everything else, static programs among it. */
export function elfInterpreter(file: string): string | null {
  const descriptor = fs.openSync(file, 'r');
  try {
    const head = piece(descriptor, 0, 64);
    return head.length === 64 && head.toString('latin1', 0, 4) === '\u007fELF' ? interpreterIn(head, descriptor) : null;
  } finally {
    fs.closeSync(descriptor);
  }
}

function interpreterIn(head: Buffer, descriptor: number): string | null {
  const [is64, isLittle] = [head[4] === 2, head[5] === 1];
  const short = (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const word = (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const long = (bytes: Buffer, at: number) => Number(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  const size = short(head, is64 ? 54 : 42);
  const table = piece(descriptor, is64 ? long(head, 32) : word(head, 28), size * short(head, is64 ? 56 : 44));
  for (let at = 0; size >= 32 && at + size <= table.length; at += size) {
    if (word(table, at) !== INTERPRETER) continue;
    const where = is64 ? long(table, at + 8) : word(table, at + 4);
    const length = is64 ? long(table, at + 32) : word(table, at + 16);
    return piece(descriptor, where, length).toString('utf8').replace(/\0.*$/s, '') || null;
  }
  return null;
}

/** What a damaged header names may lie anywhere. */
function piece(descriptor: number, at: number, length: number): Buffer {
  if (!Number.isSafeInteger(at + length) || length > PROGRAM_HEADERS_MOST) return Buffer.alloc(0);
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, fs.readSync(descriptor, bytes, 0, length, at));
}
