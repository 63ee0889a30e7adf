import { PATH_LIMITS } from './limits.ts';
import type { Rule } from './rules.ts';

// what nearly every path looks like: no part begins with a dot, and 201 bytes have no room for more than 100 folders
const USUAL = /^(?!.{202})[\w@+-][\w@+.-]*(?:\/[\w@+-][\w@+.-]*)*$/;

/** The first rule that `path` breaks as the path of an entry, or null. */
export function pathRule(path: string): Rule | null {
  if (USUAL.test(path)) return null;
  if (path.includes('\0')) return 'nul-in-path';
  if (!path.isWellFormed()) return 'not-utf-8';
  if (path.startsWith('/')) return 'absolute-path';
  const names = path.split('/');
  if (names.includes('..')) return 'dot-dot';
  if (names.includes('') || names.includes('.')) return 'path-form';
  return isTooLong(path, names) ? 'path-too-long' : null;
}

/** `a/b/c` -> `a/b`; empty for an entry of the top folder. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Order by the bytes of the UTF-8 form, which is the order of code points. */
export function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
}

function isTooLong(path: string, names: readonly string[]): boolean {
  if (names.length > PATH_LIMITS.depth + 1) return true;
  // a UTF-16 unit is at most three bytes: short paths need no counting
  if (path.length * 3 <= PATH_LIMITS.name) return false;
  if (Buffer.byteLength(path) > PATH_LIMITS.path) return true;
  return names.some((name) => Buffer.byteLength(name) > PATH_LIMITS.name);
}

// UTF-16 puts surrogates (code points above U+FFFF) below U+E000..U+FFFF; UTF-8 puts them above.
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
