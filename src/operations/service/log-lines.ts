import fs from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as pause, setImmediate } from 'node:timers/promises';

/** The last `count` lines of a file, searched in its last `most` bytes, and its size at that time. */
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

/** Every line after byte `from`, until `abort`; also when the file is emptied, or another takes its name. */
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
      // What was written between the last look and the renaming.
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
      // A program that writes faster than we read must not keep a key or a signal waiting.
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

/** Whole lines out of pieces; an unfinished line waits for the next piece, but not for ever. */
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

/** The file that has the name now, if it is not the one we read; it may be missing for a moment during rotation. */
function openIfOther(file: string, descriptor: number): number | null {
  const named = fs.statSync(file, { throwIfNoEntry: false });
  if (named === undefined || named.ino === fs.fstatSync(descriptor).ino) return null;
  try {
    return fs.openSync(file, 'r');
  } catch {
    return null;
  }
}
