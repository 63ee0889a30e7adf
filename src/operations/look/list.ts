import type { BundleId, InstalledBundle } from '../../model/index.ts';
import { type LeftBehind, layoutOf, leftBehind, openRoot } from '../../store/index.ts';
import { readCurrent } from '../facts/read-current.ts';

/** The live generation and its bundles, sorted by name; null and empty before the first install. */
export function list(root: string): {
  readonly generation: number | null;
  readonly bundles: readonly InstalledBundle[];
} {
  const current = openRoot(root) === null ? null : readCurrent(layoutOf(root));
  return { generation: current?.number ?? null, bundles: current?.bundles ?? [] };
}

/** Bundles that are kept but not installed. */
export async function listKept(root: string): Promise<readonly BundleId[]> {
  const { knownBundles } = await import('../facts/known-bundles.ts');
  const { DEFAULT_LIMITS } = await import('../../bundle/index.ts');
  const installed = new Set(list(root).bundles.map(({ digest }) => digest));
  const known = await knownBundles(layoutOf(root), [], { limits: DEFAULT_LIMITS });
  return [...known.values()]
    .map(({ id }) => id)
    .filter(({ digest }) => !installed.has(digest))
    .toSorted((a, b) => (a.name === b.name ? (a.version < b.version ? -1 : 1) : a.name < b.name ? -1 : 1));
}

/** Bundles that were removed while their data or configuration stayed. */
export function listLeftBehind(root: string): readonly LeftBehind[] {
  if (openRoot(root) === null) return [];
  return leftBehind(
    layoutOf(root),
    list(root).bundles.map(({ name }) => name),
  );
}
