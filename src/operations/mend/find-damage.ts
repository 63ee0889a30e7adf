import fs from 'node:fs';
import path from 'node:path';
import { type Damage, readStoredManifest, verifyFolder } from '../../bundle/index.ts';
import type { BundleId, ExternalLink, Generation } from '../../model/index.ts';
import { externalLinks } from '../../plan/index.ts';
import { linksOf } from '../../steps/index.ts';
import { type Layout, linksBeside } from '../../store/index.ts';

/** One thing that is not as it was made. `path` is relative to the bundle or the root, or absolute outside the root. */
export type Found = { readonly bundle: string | null; readonly path: string; readonly change: Damage['change'] };

/** The bundles of a generation that were changed, each with its files. */
export async function damagedBundles(
  layout: Layout,
  generation: Generation,
): Promise<readonly { readonly bundle: BundleId; readonly damage: readonly Damage[] }[]> {
  const found = [];
  for (const { name, version, digest } of generation.bundles) {
    const bundle = { name, version, digest };
    const damage = await verifyFolder(layout.bundle(bundle), digest);
    if (damage.length > 0) found.push({ bundle, damage });
  }
  return found;
}

/** The links of a generation that are missing, lead elsewhere, or were added. Its bundles must be whole. */
export async function damagedLinks(layout: Layout, generation: Generation): Promise<readonly Found[]> {
  const folder = layout.generation(generation.number);
  const expected = linksBeside(generation, await linksOf(layout, generation));
  const wrong = [...expected].flatMap(([name, target]) => changed(path.join(folder, name), target, layout));
  const known = new Set([...expected.keys()].map((name) => path.join(folder, name)));
  const extra = ['bundles', 'etc', 'bin', 'links']
    .flatMap((name) => entriesBelow(path.join(folder, name)))
    .filter((file) => !known.has(file))
    .map((file) => ({ bundle: null, path: path.relative(layout.root, file), change: 'extra' as const }));
  return [...wrong, ...extra];
}

/** Configuration revisions of a generation that are gone; what is inside belongs to the operator. */
export function missingRevisions(layout: Layout, generation: Generation): readonly Found[] {
  return Object.entries(generation.config)
    .map(([name, revision]) => ({ name, folder: layout.configRevision(name, revision) }))
    .filter(({ folder }) => !fs.existsSync(folder))
    .map(({ name, folder }) => ({
      bundle: name,
      path: path.relative(layout.root, folder),
      change: 'missing' as const,
    }));
}

/** The links outside the root that are missing or not ours. Only the live generation has any. */
export async function damagedExternalLinks(layout: Layout, generation: Generation): Promise<readonly Found[]> {
  const found = [];
  for (const bundle of generation.bundles) {
    for (const link of await externalLinksOf(layout, bundle)) {
      const change = linkChange(link.at, link.to);
      if (change !== null) found.push({ bundle: bundle.name, path: link.at, change });
    }
  }
  return found;
}

/** The links outside the root that a bundle of the store declares. */
export async function externalLinksOf(layout: Layout, id: BundleId): Promise<readonly ExternalLink[]> {
  return externalLinks({ id, manifest: await readStoredManifest(layout.bundle(id)) }, layout.root);
}

function changed(link: string, target: string, layout: Layout): readonly Found[] {
  const change = linkChange(link, target);
  return change === null ? [] : [{ bundle: null, path: path.relative(layout.root, link), change }];
}

function linkChange(link: string, target: string): 'missing' | 'type' | 'changed' | null {
  try {
    return fs.readlinkSync(link) === target ? null : 'changed';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EINVAL' ? 'type' : 'missing';
  }
}

/** Every link and file below a folder of a generation; `links/` has one folder for each bundle. */
function entriesBelow(folder: string): readonly string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory() ? entriesBelow(path.join(folder, entry.name)) : [path.join(folder, entry.name)],
    );
}
