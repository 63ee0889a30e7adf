import { BreachError } from './breach-error.ts';
import { decodeName } from './decode-header.ts';

/** What a pax header may change for the entry behind it. */
export type Pax = { readonly path?: string; readonly linkpath?: string; readonly size?: number };

// Times and owners mean nothing here: unpacked files have their real write time and the installing user.
const IGNORED = new Set(['mtime', 'atime', 'ctime', 'uid', 'gid', 'uname', 'gname']);
const RECORD = /^([1-9][0-9]{0,5}) /;

/** Reads pax records strictly: every key once, nothing but path, linkpath and size has an effect. */
export function decodePax(bytes: Buffer, after: string | null): Pax {
  const values = new Map<string, Buffer>();
  for (let at = 0; at < bytes.length; ) {
    const length = Number(RECORD.exec(bytes.toString('latin1', at, at + 8))?.[1] ?? 0);
    const record = bytes.subarray(at, at + length);
    const equals = record.indexOf('=');
    if (length === 0 || record.length !== length || record.at(-1) !== 0x0a || equals === -1) {
      throw new BreachError('bad-pax', after);
    }
    const key = record.toString('utf8', record.indexOf(' ') + 1, equals);
    if (values.has(key)) throw new BreachError('bad-pax', after, `${key} stands twice`);
    values.set(key, record.subarray(equals + 1, -1));
    at += length;
  }
  return pick(values, after);
}

function pick(values: ReadonlyMap<string, Buffer>, after: string | null): Pax {
  const path = values.get('path');
  const linkpath = values.get('linkpath');
  const size = values.get('size');
  for (const key of values.keys()) {
    if (key.startsWith('GNU.sparse.')) throw new BreachError('sparse', pathOr(path, after), key);
    if (IGNORED.has(key) || key === 'path' || key === 'linkpath' || key === 'size') continue;
    throw new BreachError('pax-key', pathOr(path, after), key);
  }
  return {
    ...(path === undefined ? {} : { path: text(path, after) }),
    ...(linkpath === undefined ? {} : { linkpath: text(linkpath, after) }),
    ...(size === undefined ? {} : { size: wholeNumber(size, after) }),
  };
}

function text(value: Buffer, after: string | null): string {
  const name = decodeName(value);
  if (name.rule !== null) throw new BreachError(name.rule, name.text);
  if (name.text === '') throw new BreachError('bad-pax', after, 'an empty name');
  return name.text;
}

function wholeNumber(value: Buffer, after: string | null): number {
  const digits = value.toString('latin1');
  if (!/^[1-9][0-9]{0,14}$/.test(digits)) throw new BreachError('pax-size', after, JSON.stringify(digits));
  return Number(digits);
}

function pathOr(path: Buffer | undefined, after: string | null): string | null {
  return path === undefined ? after : path.toString('utf8');
}
