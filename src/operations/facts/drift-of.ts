import { type Damage, findDrift } from '../../bundle/index.ts';
import type { BundleId, Facts, Generation } from '../../model/index.ts';
import { type Layout, sealedAt } from '../../store/index.ts';

/** Changed and added files of the installed bundles: a quick look that reads only what was touched since it was unpacked. */
export async function driftOf(
  layout: Layout,
  generation: Generation | null,
): Promise<{ readonly drift: Facts['drift']; readonly added: Facts['added'] }> {
  const found = await handMade(layout, generation?.bundles ?? []);
  return {
    drift: found.filter(({ change }) => change !== 'extra'),
    added: found.filter(({ change }) => change === 'extra'),
  };
}

/** All drift of these bundles: changed files, and added ones (`extra`). */
export async function handMade(
  layout: Layout,
  bundles: readonly BundleId[],
): Promise<readonly (Damage & { readonly bundle: BundleId })[]> {
  const found = await Promise.all(
    bundles.map(async ({ name, version, digest }) => {
      const bundle = { name, version, digest };
      const damage = await findDrift(layout.bundle(bundle), sealedAt(layout, bundle), digest);
      return damage.map((one) => ({ ...one, bundle }));
    }),
  );
  return found.flat();
}
