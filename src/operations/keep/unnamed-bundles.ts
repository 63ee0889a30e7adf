import fs from 'node:fs';
import path from 'node:path';
import { digestOf } from '../../bundle/index.ts';
import { type BundleId, compareVersions } from '../../model/index.ts';
import { type Layout, storedFolders } from '../../store/index.ts';

/**
 * Whole bundles of the store that no generation has: a process used them when theirs was collected, or a way over several
 * versions has just passed them.
 */
export function unnamedBundles(layout: Layout, named: Iterable<BundleId>): readonly BundleId[] {
  const known = new Set([...named].map((bundle) => layout.bundle(bundle)));
  return storedFolders(layout)
    .map((folder) => path.join(layout.store, folder))
    .filter((folder) => !known.has(folder))
    .flatMap((folder) => idOf(layout, folder) ?? []);
}

/** Whether its version lies between two that are kept, so that the way back from one to the other may need its archive. */
export function isPassed({ name, version }: BundleId, kept: readonly BundleId[]): boolean {
  const orders = kept
    .filter((bundle) => bundle.name === name)
    .map((bundle) => compareVersions(bundle.version, version));
  return orders.some((order) => order < 0) && orders.some((order) => order > 0);
}

/** null = remains of one: what it says about itself is not where it lies. */
function idOf(layout: Layout, folder: string): BundleId | null {
  try {
    const stored = fs.readFileSync(path.join(folder, 'bundle.json'));
    const { name, version } = JSON.parse(stored.toString('utf8')) as BundleId;
    const id = { name, version, digest: digestOf(stored) };
    return layout.bundle(id) === folder ? id : null;
  } catch {
    return null;
  }
}
