import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../error.ts';
import { replaceSymlink, syncFolder } from '../system/index.ts';
import type { Layout } from './layout.ts';

/** What `current` says: a generation number, `absent`, or `damaged` when it is something we never wrote. */
export type Pointer =
  | { readonly kind: 'generation'; readonly number: number }
  | { readonly kind: 'absent' | 'damaged' };

/** Reads `current` once; a later switch does not change the answer. */
export function readPointer(layout: Layout): Pointer {
  let target: string;
  try {
    target = fs.readlinkSync(layout.current);
  } catch (error) {
    return { kind: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : 'damaged' };
  }
  const parts = /^generations\/([1-9][0-9]*)$/.exec(target);
  return parts === null ? { kind: 'damaged' } : { kind: 'generation', number: Number(parts[1]) };
}

/** The switch: one rename makes generation `number` live for everyone; null takes `current` away. */
export function pointTo(layout: Layout, number: number | null): void {
  if (number === null) {
    fs.rmSync(layout.current, { force: true });
    syncFolder(layout.root);
    return;
  }
  if (fs.lstatSync(layout.current, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new PkgError('step-failed', `cannot switch to generation ${number}: ${layout.current} is a directory`, {
      hint: 'move it away, then run: pkg recover',
    });
  }
  replaceSymlink(path.join('generations', String(number)), layout.current, layout.tmp);
}
