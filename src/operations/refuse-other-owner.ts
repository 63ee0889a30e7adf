import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../error.ts';
import { quoted } from '../model/index.ts';
import { layoutOf } from '../store/index.ts';
import { userName } from '../system/index.ts';
import type { Session } from './session.ts';

/**
 * Only the owner of a root changes it: the owner could not remove what another user makes there, and hooks of its
 * bundles would run with rights that the owner does not have. Recovery is no exception, because it runs hooks too.
 */
export function refuseOtherOwner({ root, command }: Session): void {
  const owner = otherOwner(root);
  if (owner === null) return;
  const us = userName(process.geteuid?.() ?? owner);
  throw new PkgError('other-owner', `${root} belongs to ${userName(owner)}, and ${us} would leave files there`, {
    hint: asOwner(owner, root, command),
    details: { owner },
  });
}

/** A missing permission as an error of ours, with the command by which the owner of the root does the same. */
export function forOwner(error: PkgError, root: string, command: string): PkgError {
  const { code, details, cause } = error;
  const owner = isDenied(cause) ? otherOwner(root) : null;
  if (owner === null) return error;
  const { path: file } = cause as NodeJS.ErrnoException;
  const isRead = code === 'system-failed' && file !== undefined;
  const message = isRead ? `only ${userName(owner)} may read ${file}` : error.message;
  return new PkgError(code, message, { hint: asOwner(owner, root, command), details, cause });
}

/** sudo does not pass PKG_ROOT on, and that user may have another default root. */
function asOwner(owner: number, root: string, command: string): string {
  const name = userName(owner);
  const named = / --root\b/.test(command) ? command : command.replace(/^pkg\b/, () => `pkg --root ${quoted(root)}`);
  return `sudo -u ${name.startsWith('#') ? `'${name}'` : name} ${named}`;
}

/** null = the root is ours, or does not exist yet. */
function otherOwner(root: string): number | null {
  const owner = ownerOf(root);
  const us = process.geteuid?.();
  return us === undefined || owner === us ? null : owner;
}

/** Of what says that this is a root; a root that lost it is known by its generations. null = nobody's yet. */
function ownerOf(root: string): number | null {
  const { identity, generations } = layoutOf(root);
  try {
    const found = [identity, generations].map((file) => fs.lstatSync(file, { throwIfNoEntry: false }));
    return found.find((stat) => stat !== undefined)?.uid ?? null;
  } catch (error) {
    if (isDenied(error)) return keeperOf(root);
    // Where the root would be is a file: whoever opens it says so.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return null;
    throw error;
  }
}

/** The owner of the nearest folder that we can see, which keeps us out. */
function keeperOf(folder: string): number {
  try {
    return fs.lstatSync(folder).uid;
  } catch {
    return keeperOf(path.dirname(folder));
  }
}

function isDenied(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(String((error as NodeJS.ErrnoException | undefined)?.code));
}
