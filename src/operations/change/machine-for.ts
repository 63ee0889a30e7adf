import fs from 'node:fs';
import path from 'node:path';
import { SYSTEM_PATH } from '../../hook/index.ts';
import { expandValues, type StoredManifest } from '../../model/index.ts';
import { allNeeded, dependencyEdges } from '../../plan/index.ts';
import type { Layout } from '../../store/index.ts';
import type { Machine } from '../../system/index.ts';
import type { PlannedMember } from './members-of.ts';

type Around = {
  /** The members of each generation of the change. */
  readonly generations: readonly (readonly PlannedMember[])[];
  /** Those of them that are unpacked but not yet in the store. */
  readonly staged: readonly StoredManifest[];
  readonly layout: Layout;
};

/** What programs of a bundle will find once the whole change is live, including what comes with it. */
export function machineFor(name: string, { generations, staged, layout }: Around): Machine {
  const manifests = generations.flat().map((member) => member.manifest);
  const commands = new Set(manifests.flatMap(({ bin }) => Object.keys(bin ?? {})));
  const links = new Set(manifests.flatMap((one) => Object.keys(one.links ?? {})));
  const shipped = staged.flatMap(({ files }) => files.map((file) => file.path));
  const fileNames = new Set([...shipped, ...links].map((file) => path.basename(file)));
  const bin = path.join(layout.current, 'bin');
  const environments = generations.flatMap((members) => environmentsAround(name, members, layout));
  return {
    path: environments.some(({ env }) => env['PATH'] !== undefined) ? null : [bin, ...SYSTEM_PATH],
    libraries: librariesOf(environments),
    comes(file) {
      if (path.dirname(file) === bin) return commands.has(path.basename(file));
      return file.startsWith(`${layout.root}/`) || links.has(file) || fileNames.has(file);
    },
  };
}

type Declared = {
  readonly env: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, string>>;
};

/** A service has the variables of everything that its bundle depends on, and may be a program of any of these. */
function environmentsAround(name: string, members: readonly PlannedMember[], layout: Layout): readonly Declared[] {
  const edges = dependencyEdges(members);
  const starters = members.map(({ id }) => id.name).filter((other) => allNeeded(other, edges).has(name));
  const around = new Set([name, ...starters].flatMap((one) => [one, ...allNeeded(one, edges)]));
  const folders = new Map(members.map(({ id }) => [id.name, folderOf(id, layout)]));
  const others = Object.fromEntries([...folders].map(([other, folder]) => [`bundle:${other}`, folder]));
  return [...around].flatMap((one) =>
    members
      .filter(({ id }) => id.name === one)
      .flatMap(({ manifest: { env = {}, services = {} } }) => {
        const values = { ...others, bundle: folders.get(one) ?? '' };
        return [env, ...Object.values(services).map((service) => service.env ?? {})].map((each) => ({
          env: each,
          values,
        }));
      }),
  );
}

function folderOf(id: PlannedMember['id'], layout: Layout): string {
  return fs.existsSync(layout.staged(id)) ? layout.staged(id) : layout.bundle(id);
}

/**
 * The last bundle that sets the variable wins, but which one is last depends on who starts the program.
 * Null if one has values that are not known yet, or relative folders.
 */
function librariesOf(environments: readonly Declared[]): readonly string[] | null {
  const named = environments.flatMap(({ env: { LD_LIBRARY_PATH: text }, values }) =>
    text === undefined ? [] : [expandValues(text, values)],
  );
  const areKnown = named.every(
    ({ text, unknown }) => unknown.length === 0 && text.split(/[:;]/).every((folder) => path.isAbsolute(folder)),
  );
  return areKnown ? [...new Set([...named.map(({ text }) => text), ''])] : null;
}
