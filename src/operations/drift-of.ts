import { findDrift } from '../bundle/index.ts';
import type { Facts, Generation } from '../model/index.ts';
import { type Layout, sealedAt } from '../store/index.ts';

/** Changed files of the installed bundles: a quick look that reads only what was touched since it was unpacked. */
export async function driftOf(layout: Layout, generation: Generation | null): Promise<Facts['drift']> {
  const found = await Promise.all(
    (generation?.bundles ?? []).map(async ({ name, version, digest }) => {
      const bundle = { name, version, digest };
      const damage = await findDrift(layout.bundle(bundle), sealedAt(layout, bundle), digest);
      return damage.filter(({ change }) => change !== 'extra').map((one) => ({ ...one, bundle }));
    }),
  );
  return found.flat();
}
