import fs from 'node:fs';
import { PkgError } from '../error.ts';
import { layoutOf } from '../store/index.ts';
import { userName } from '../system/index.ts';
import type { Session } from './session.ts';

/**
 * Only the owner of a root changes it: what another user makes there its owner could not remove, and hooks of its
 * bundles would run with rights that its owner does not have. Recovery is no exception, as it runs hooks too.
 */
export function refuseOtherOwner({ root, command }: Session): void {
  const owner = ownerOf(root);
  const us = process.geteuid?.();
  if (owner === null || us === undefined || owner === us) return;
  const name = userName(owner);
  throw new PkgError('other-owner', `${root} belongs to ${name}, and ${userName(us)} would leave files there`, {
    hint: `sudo -u ${name.startsWith('#') ? `'${name}'` : name} ${command}`,
    details: { owner },
  });
}

/** Of what says that this is a root; a root that lost it is known by its generations. null = nobody's yet. */
function ownerOf(root: string): number | null {
  const { identity, generations } = layoutOf(root);
  const found = [identity, generations].map((file) => fs.lstatSync(file, { throwIfNoEntry: false }));
  return found.find((stat) => stat !== undefined)?.uid ?? null;
}
