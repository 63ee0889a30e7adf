import path from 'node:path';
import type { BundleId, Manifest, ServiceAt } from '../../model/index.ts';
import { type Layout, readGeneration } from '../../store/index.ts';
import { bundleValues, type Values } from '../bundle-values.ts';

/** Where a service finds its generation: in its own folders, which never change, or through the pointer. */
export type LaunchPath = {
  readonly kind: 'exact' | 'current';
  readonly layout: Layout;
  readonly generation: number;
};

/** The path that the declaration asks for. */
export function launchPath(layout: Layout, { generation }: ServiceAt, kind: LaunchPath['kind']): LaunchPath {
  return { kind, layout, generation };
}

/** The folder of a bundle as the service sees it. */
export function folderOf(id: BundleId, { kind, layout }: LaunchPath): string {
  return kind === 'exact' ? layout.bundle(id) : path.join(layout.current, 'bundles', id.name);
}

/** The folder of the generation as the service sees it. */
export function generationFolder({ kind, layout, generation }: LaunchPath): string {
  return kind === 'exact' ? layout.generation(generation) : layout.current;
}

/** What each `${name}` stands for when the service is started this way. */
export function launchValues(manifest: Manifest, id: BundleId, way: LaunchPath): Values {
  const { layout, generation } = way;
  const bundles = readGeneration(layout, generation)?.bundles ?? [];
  return {
    ...bundleValues(layout, manifest, folderOf(id, way), generation),
    etc: configFolder(id.name, way),
    generationDir: generationFolder(way),
    ...Object.fromEntries(bundles.map((bundle) => [`bundle:${bundle.name}`, folderOf(bundle, way)])),
  };
}

/** A service that runs from exact folders reads the revision itself: the link in the generation is one more hop to lose. */
function configFolder(name: string, way: LaunchPath): string {
  const revision = readGeneration(way.layout, way.generation)?.config[name];
  if (way.kind === 'exact' && revision !== undefined) return way.layout.configRevision(name, revision);
  return path.join(generationFolder(way), 'etc', name);
}
