import fs from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { Tell } from '../model/index.ts';

const PAUSE = 100;
/** More than this between two looks is passed over: all of it is in the log. */
const MOST = 64 << 10;

/** Tells the lines that come into the log while `work` goes on, the last of them before it ends. */
export async function tellOutput<T>(log: string, title: string, tell: Tell, work: () => Promise<T>): Promise<T> {
  const look = makeLook(log, (line) => tell({ event: 'output', title, line }));
  const clock = setInterval(() => look('more'), PAUSE);
  try {
    return await work();
  } finally {
    clearInterval(clock);
    look('end');
  }
}

/** Answers a function that reads on from where it was; what has no end of line yet waits for it. */
function makeLook(log: string, line: (text: string) => void): (until: 'more' | 'end') => void {
  let [at, begun, decoder] = [0, '', new StringDecoder('utf8')];
  return (until) => {
    const { size, bytes } = readFrom(log, at);
    if (size - at > MOST) [begun, decoder] = ['', new StringDecoder('utf8')];
    at = size;
    const lines = (begun + decoder.write(bytes)).split('\n');
    begun = until === 'end' ? '' : (lines.pop() ?? '');
    for (const text of lines) if (text !== '') line(text);
  };
}

/** A log that cannot be read is nothing to stop for: who runs the script says what is wrong with it. */
function readFrom(log: string, at: number): { readonly size: number; readonly bytes: Buffer } {
  try {
    const file = fs.openSync(log, 'r');
    try {
      const { size } = fs.fstatSync(file);
      const bytes = Buffer.alloc(Math.min(size - at, MOST));
      const length = bytes.length === 0 ? 0 : fs.readSync(file, bytes, 0, bytes.length, size - bytes.length);
      return { size, bytes: bytes.subarray(0, length) };
    } finally {
      fs.closeSync(file);
    }
  } catch {
    return { size: at, bytes: Buffer.alloc(0) };
  }
}
