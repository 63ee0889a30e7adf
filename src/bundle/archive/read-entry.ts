import { BreachError } from './breach-error.ts';
import type { ByteReader } from './byte-reader.ts';
import { decodeHeader, type Header, isZero } from './decode-header.ts';
import { decodePax, type Pax } from './decode-pax.ts';
import { pathRule } from './entry-path.ts';
import type { Rule } from './rules.ts';
import { BLOCK, MOST_OCTAL_SIZE, padding } from './tar-block.ts';

/** An entry of the archive as its headers describe it; names are safe, but not yet compared with the table. */
export type ReadEntry = {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink';
  readonly mode: number;
  readonly size: number;
  readonly target: string;
};

const MOST_PAX = 64 * 1024;
const TYPES: Readonly<Record<string, ReadEntry['type']>> = { '0': 'file', '2': 'symlink', '5': 'directory' };
const REFUSED: Readonly<Record<string, Rule>> = {
  '1': 'hard-link',
  '3': 'device',
  '4': 'device',
  '6': 'fifo',
  S: 'sparse',
};

/** The next entry, or null at the end mark; `after` is the entry before it, to say where a broken one lies. */
export async function readEntry(bytes: ByteReader, after: string | null): Promise<ReadEntry | null> {
  const block = await bytes.exactly(BLOCK, after);
  if (block[0] === 0 && isZero(block)) return null;
  const header = decodeHeader(block, after);
  if (header.flag !== 'x') return entryOf(header, {});
  if (header.size > MOST_PAX) throw new BreachError('bad-pax', after, `${header.size} bytes`);
  const pax = decodePax(await bytes.exactly(header.size, after), after);
  await skipPadding(bytes, header.size, after);
  return entryOf(decodeHeader(await bytes.exactly(BLOCK, after), pax.path ?? after), pax);
}

/** The zero bytes after an entry of this size. */
export async function skipPadding(bytes: ByteReader, size: number, entry: string | null): Promise<void> {
  if (!isZero(await bytes.exactly(padding(size), entry))) throw new BreachError('bad-padding', entry);
}

function entryOf(header: Header, pax: Pax): ReadEntry {
  const written = pax.path ?? header.name;
  const path = header.flag === '5' ? written.replace(/\/$/, '') : written;
  const type = TYPES[header.flag];
  if (type === undefined) throw new BreachError(REFUSED[header.flag] ?? 'entry-type', path, shownFlag(header.flag));
  const rule = pathRule(path);
  if (rule !== null) throw new BreachError(rule, path);
  // a reader that does not know pax takes the name in the header: it must be harmless too
  if (pax.path !== undefined && pathRule(header.name.replace(/\/$/, '')) !== null) {
    throw new BreachError('pax-path', path, header.name);
  }
  if (pax.size !== undefined && (pax.size <= MOST_OCTAL_SIZE || ![0, pax.size].includes(header.size))) {
    throw new BreachError('pax-size', path);
  }
  if ((header.mode & 0o7000) !== 0) throw new BreachError('special-mode', path, header.mode.toString(8));
  const target = pax.linkpath ?? header.target;
  if (type !== 'symlink' && target !== '') throw new BreachError('bad-header', path, 'a link target');
  const size = pax.size ?? header.size;
  if (type !== 'file' && size !== 0) throw new BreachError('size-mismatch', path, `${size} bytes in a ${type}`);
  return { path, type, mode: header.mode, size, target };
}

function shownFlag(flag: string): string {
  return `type ${JSON.stringify(flag)}`;
}
