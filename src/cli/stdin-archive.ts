import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Streams } from './streams.ts';

/** A text about such a file, as whoever wrote to stdin understands it. */
export function asStdin(text: string): string {
  return text.replaceAll(/\S*\/pkg-stdin-\w{6}\/stdin\.tgz/g, '-');
}

/** Runs `work` with `-` replaced by a file holding all of stdin: an archive is read more than once. */
export async function withStdinArchive<T>(
  words: readonly string[],
  streams: Streams,
  work: (words: readonly string[]) => Promise<T>,
): Promise<T> {
  if (!words.includes('-')) return work(words);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-stdin-'));
  try {
    const file = path.join(folder, 'stdin.tgz');
    // Loaded only here: every command starts faster without it.
    const { pipeline } = await import('node:stream/promises');
    await pipeline(streams.input, fs.createWriteStream(file));
    return await work(words.map((word) => (word === '-' ? file : word)));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
