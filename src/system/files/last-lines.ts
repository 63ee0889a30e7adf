import fs from 'node:fs';

const LINES = 20;
const BYTES = 64 << 10;

/** The last twenty lines that were added to `file` beyond `from`. */
export function lastLines(file: string, from: number): string {
  const descriptor = fs.openSync(file, 'r');
  try {
    const { size } = fs.fstatSync(descriptor);
    const start = Math.max(from, size - BYTES);
    const bytes = Buffer.alloc(size - start);
    fs.readSync(descriptor, bytes, 0, bytes.length, start);
    return bytes.toString('utf8').trimEnd().split('\n').slice(-LINES).join('\n');
  } finally {
    fs.closeSync(descriptor);
  }
}
