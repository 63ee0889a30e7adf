import fs from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as pause, setImmediate } from 'node:timers/promises';

/** The last `count` lines of a file, looked for in its last `most` bytes, and how many bytes it had then. */
export function lastLinesOf(
  file: string,
  count: number,
  most = Number.POSITIVE_INFINITY,
): { readonly lines: readonly string[]; readonly end: number } {
  const descriptor = fs.openSync(file, 'r');
  try {
    const end = fs.fstatSync(descriptor).size;
    let [begin, text] = [end, Buffer.alloc(0)];
    // One line break more than lines: the one in front of the first.
    while (begin > 0 && count > 0 && end - begin < most && breaksIn(text) <= count) {
      const length = Math.min(begin, PIECE);
      begin -= length;
      text = Buffer.concat([readPiece(descriptor, begin, length), text]);
    }
    const lines = text.toString('utf8').replace(/\n$/, '').split('\n');
    // It began somewhere before.
    if (begin > 0 && lines.length > 1) lines.shift();
    return { lines: text.length === 0 ? [] : lines.slice(-count), end };
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Every line that comes behind byte `from`, until `abort`: also after the file was emptied, or another took its name. */
export async function* followLines(file: string, from: number, abort: AbortSignal): AsyncGenerator<string> {
  let descriptor = fs.openSync(file, 'r');
  let position = from;
  let split = splitting();
  try {
    while (!abort.aborted) {
      if (fs.fstatSync(descriptor).size < position) [position, split] = [0, splitting()];
      yield* unread();
      const next = openIfOther(file, descriptor);
      if (next === null) {
        await pause(POLL, undefined, { signal: abort }).catch(() => undefined);
        continue;
      }
      // What came between the last look and the new name.
      yield* unread();
      fs.closeSync(descriptor);
      [descriptor, position, split] = [next, 0, splitting()];
    }
  } finally {
    fs.closeSync(descriptor);
  }

  async function* unread(): AsyncGenerator<string> {
    for (let piece = readPiece(descriptor, position, PIECE); piece.length > 0 && !abort.aborted; ) {
      position += piece.length;
      yield* split(piece);
      // Whoever writes faster than this reads must not keep a key or a signal waiting.
      await setImmediate();
      piece = readPiece(descriptor, position, PIECE);
    }
  }
}

const PIECE = 64 << 10;

// Notification misses files on some mounts; looking costs next to nothing.
const POLL = 200;

function readPiece(descriptor: number, position: number, length: number): Buffer<ArrayBuffer> {
  const piece = Buffer.alloc(length);
  return piece.subarray(0, fs.readSync(descriptor, piece, 0, length, position));
}

function breaksIn(text: Buffer): number {
  let count = 0;
  for (const byte of text) if (byte === 0x0a) count += 1;
  return count;
}

/** Whole lines out of pieces; what has no end yet waits for the next, but not for ever. */
function splitting(): (piece: Buffer) => readonly string[] {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return (piece) => {
    const lines = (rest + decoder.write(piece)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length < PIECE) return lines;
    lines.push(rest);
    rest = '';
    return lines;
  };
}

/** The file that has the name now, where it is not the one we read; absent for a moment while it is rotated. */
function openIfOther(file: string, descriptor: number): number | null {
  const named = fs.statSync(file, { throwIfNoEntry: false });
  if (named === undefined || named.ino === fs.fstatSync(descriptor).ino) return null;
  try {
    return fs.openSync(file, 'r');
  } catch {
    return null;
  }
}
