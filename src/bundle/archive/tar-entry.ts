import type { Header } from 'tar-stream';
import type { FileEntry } from '../../model/index.ts';
import { MOST_OCTAL_SIZE } from './tar-block.ts';

// tar-stream keeps 31 bits of a time
const LAST_TIME = 2 ** 31 - 1;

/** An entry in the words of tar-stream; nothing in it depends on the machine that packs. */
export function tarEntry(entry: FileEntry, mtime: number): Partial<Header> & Pick<Header, 'name' | 'size'> {
  const name = entry.type === 'directory' ? `${entry.path}/` : entry.path;
  const target = entry.type === 'symlink' ? entry.target : '';
  const size = entry.type === 'file' ? entry.size : 0;
  const isLarge = size > MOST_OCTAL_SIZE;
  return {
    name,
    type: entry.type,
    mode: Number.parseInt(entry.mode, 8),
    size,
    mtime: new Date(Math.min(mtime, LAST_TIME) * 1000),
    ...(target === '' ? {} : { linkname: target }),
    // Asked for by name: left alone, tar-stream would cut long names in two, which readers put together differently.
    ...(fits(name) && fits(target) && !isLarge ? {} : { pax: isLarge ? { size } : {} }),
  };
}

function fits(text: string): boolean {
  return text.length <= 100 && Buffer.byteLength(text) === text.length;
}
