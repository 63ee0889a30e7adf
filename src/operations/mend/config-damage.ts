import fs from 'node:fs';
import path from 'node:path';
import { readStoredManifest } from '../../bundle/index.ts';
import {
  damageOfCopy,
  digest,
  findEntry,
  putEntry,
  readFolder,
  readSums,
  type Sums,
  sumsOf,
  sumsText,
} from '../../config/index.ts';
import type { Generation } from '../../model/index.ts';
import { shippedConfig } from '../../steps/index.ts';
import { type Layout, readAnswers } from '../../store/index.ts';
import { writeDurably } from '../../system/index.ts';
import type { Found } from './find-damage.ts';
import type { Unrepaired } from './repair-bundle.ts';

/** What stands beside each revision of a generation to measure edits by, where it is not as it was made. */
export function damagedConfig(layout: Layout, generation: Generation): readonly Found[] {
  return revisionsOf(generation).flatMap(({ name, revision }) => {
    const file = layout.configSums(name, revision);
    const sums = readSums(file);
    if (sums === 'damaged') return [found(name, file, 'changed', layout)];
    if (sums === null) return [];
    return copiesOf(name, revision, layout).flatMap(({ kind, folder }) =>
      damageOfCopy(folder, sums[kind]).map((one) => found(name, path.join(folder, one.file), one.change, layout)),
    );
  });
}

/** Brings back what some other copy still holds, and names what none does. */
export async function repairConfig(layout: Layout, generation: Generation): Promise<readonly Unrepaired[]> {
  const unrepaired: Unrepaired[] = [];
  for (const { name, revision } of revisionsOf(generation)) {
    const file = layout.configSums(name, revision);
    const sums = readSums(file);
    if (sums === 'damaged') {
      // What it guarded can only be taken as it is.
      const [created, shipped] = copiesOf(name, revision, layout).map(({ folder }) => readFolder(folder));
      writeDurably(file, sumsText(sumsOf(created ?? new Map(), shipped ?? new Map())), 0o600);
    } else if (sums !== null) {
      for (const { kind, folder } of copiesOf(name, revision, layout)) {
        unrepaired.push(...(await repairCopy({ name, revision, folder }, sums[kind], { layout, generation })));
      }
    }
  }
  return unrepaired;
}

type Copy = { readonly name: string; readonly revision: string; readonly folder: string };

async function repairCopy(
  { name, revision, folder }: Copy,
  sums: Sums,
  { layout, generation }: { readonly layout: Layout; readonly generation: Generation },
): Promise<readonly Unrepaired[]> {
  const lost = damageOfCopy(folder, sums).filter(({ change }) => change !== 'extra');
  if (lost.length === 0) return [];
  const shipped = await shippedAgain(name, revision, { layout, generation });
  const folders = fs.readdirSync(layout.configOf(name)).map((one) => path.join(layout.configOf(name), one));
  const places = folders.filter((one) => fs.statSync(one).isDirectory());
  return lost.flatMap(({ file }): readonly Unrepaired[] => {
    const sum = sums[file] ?? '';
    const again = shipped.get(file);
    const entry = digest(again) === sum ? again : findEntry(file, sum, places);
    if (entry !== undefined) {
      putEntry(folder, file, { entry, temp: path.join(layout.tmp, `repair-${name}-${revision}`) });
      return [];
    }
    const where = path.relative(layout.root, path.join(folder, file));
    return [
      {
        message: `${where} is lost: its content exists nowhere else`,
        hint: 'your own file is untouched; the next version may cause a conflict in it',
      },
    ];
  });
}

/** As the bundle ships it; nothing where that cannot be known any more. */
async function shippedAgain(
  name: string,
  revision: string,
  { layout, generation }: { readonly layout: Layout; readonly generation: Generation },
): Promise<Awaited<ReturnType<typeof shippedConfig>>> {
  const bundle = generation.bundles.find((one) => one.name === name);
  if (bundle === undefined) return new Map();
  try {
    const folder = layout.bundle(bundle);
    const manifest = await readStoredManifest(folder);
    const settings = readAnswers(layout, generation.number, name);
    const source = { folder, manifest, bundleDir: folder, settings, generation: revision, mayLackOwner: true };
    return await shippedConfig(layout, source);
  } catch {
    return new Map();
  }
}

function revisionsOf({ config }: Generation): readonly { readonly name: string; readonly revision: string }[] {
  return Object.entries(config).map(([name, revision]) => ({ name, revision }));
}

function copiesOf(name: string, revision: string, layout: Layout) {
  return [
    { kind: 'created', folder: layout.configCreated(name, revision) },
    { kind: 'shipped', folder: layout.configShipped(name, revision) },
  ] as const;
}

function found(bundle: string, file: string, change: Found['change'], { root }: Layout): Found {
  return { bundle, path: path.relative(root, file), change };
}
