import fs from 'node:fs';
import path from 'node:path';
import { SYSTEM_PATH } from '../../hook/index.ts';
import { expandValues, type Manifest, type StoredManifest } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import type { Machine } from '../../system/index.ts';
import type { PlannedMember } from './members-of.ts';

type Around = {
  readonly members: readonly PlannedMember[];
  /** Those of them that are only unpacked by now. */
  readonly staged: readonly StoredManifest[];
  readonly layout: Layout;
};

/** What programs of a bundle find once the whole change is live: what is not there yet counts where it comes with it. */
export function machineFor(manifest: Manifest, { members, staged, layout }: Around): Machine {
  const manifests = members.map((member) => member.manifest);
  const commands = new Set(manifests.flatMap(({ bin }) => Object.keys(bin ?? {})));
  const links = new Set(manifests.flatMap((one) => Object.keys(one.links ?? {})));
  const shipped = new Set(staged.flatMap(({ files }) => files.map((file) => path.basename(file.path))));
  const bin = path.join(layout.current, 'bin');
  const isPathItsOwn = environmentsOf(manifest).some((env) => env['PATH'] !== undefined);
  return {
    path: isPathItsOwn ? null : [bin, ...SYSTEM_PATH],
    libraries: librariesOf(members, layout),
    comes(file) {
      if (path.dirname(file) === bin) return commands.has(path.basename(file));
      return file.startsWith(`${layout.root}/`) || links.has(file) || shipped.has(file);
    },
  };
}

function environmentsOf({ env = {}, services = {} }: Manifest): readonly Readonly<Record<string, string>>[] {
  return [env, ...Object.values(services).map((service) => service.env ?? {})];
}

/** A program also finds the libraries that bundles it depends on name; that of others does no harm here. */
function librariesOf(members: readonly PlannedMember[], layout: Layout): string {
  const folders = Object.fromEntries(
    members.map(({ id }) => [id.name, fs.existsSync(layout.staged(id)) ? layout.staged(id) : layout.bundle(id)]),
  );
  const others = Object.fromEntries(Object.entries(folders).map(([name, folder]) => [`bundle:${name}`, folder]));
  return members
    .flatMap(({ manifest }) =>
      environmentsOf(manifest).flatMap(({ LD_LIBRARY_PATH: text = '' }) =>
        text === '' ? [] : [expandValues(text, { ...others, bundle: folders[manifest.name] ?? '' }).text],
      ),
    )
    .join(':');
}
