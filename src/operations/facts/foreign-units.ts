import { type Manifest, serviceTitle } from '../../model/index.ts';
import { isForeignUnit, mainFile, unitManagerOf } from '../../service/index.ts';
import { unitName } from '../../steps/index.ts';
import { type Layout, openRoot } from '../../store/index.ts';

/** Service -> a file that this root did not make, in the place of its unit. */
export function foreignUnits(layout: Layout, manifests: readonly Manifest[]): ReadonlyMap<string, string> {
  // Before its first install a root has no id, and so no names of units.
  if (openRoot(layout.root) === null) return new Map();
  const found = new Map<string, string>();
  for (const { name: bundle, services = {} } of manifests) {
    for (const [service, declared] of Object.entries(services)) {
      const manager = unitManagerOf(declared);
      const unit = unitName(layout, { bundle, service });
      if (manager === null || !isForeignUnit(manager, unit, layout.root)) continue;
      found.set(serviceTitle({ bundle, service }), mainFile(manager, unit));
    }
  }
  return found;
}
