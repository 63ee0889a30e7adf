import {
  compareVersions,
  type Direction,
  type FileEntry,
  type Generation,
  type InstalledBundle,
} from '../../model/index.ts';
import { generationNumbers, type Layout } from '../../store/index.ts';
import { readInstalled, storedManifest } from '../facts/installed.ts';
import { readableGeneration } from '../facts/read-current.ts';
import { keptGeneration } from './name-generation.ts';

export type BundleDifference = {
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly direction: Direction;
};

export type FileDifference = {
  readonly bundle: string;
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
};

/** What differs between two generations; by default between the live one and the one before it. */
export async function diff(
  root: string,
  words: readonly string[],
  { withFiles }: { readonly withFiles: boolean },
): Promise<{
  readonly from: number | null;
  readonly to: number | null;
  readonly bundles: readonly BundleDifference[];
  readonly files?: readonly FileDifference[];
}> {
  const { layout, generation } = readInstalled(root);
  const [first, second] = words.map((word) => keptGeneration(root, word));
  const after = second ?? generation;
  const before = first ?? (after === null ? null : previous(layout, after));
  const pairs = pairsOf(before?.bundles ?? [], after?.bundles ?? []);
  const bundles = pairs.map(({ name, old, now }) => ({
    name,
    from: old?.version ?? null,
    to: now?.version ?? null,
    direction: directionOf(old, now),
  }));
  const common = { from: before?.number ?? null, to: after?.number ?? null, bundles };
  if (!withFiles) return common;
  const files = await Promise.all(pairs.map((pair) => filesOf(pair, layout)));
  return { ...common, files: files.flat() };
}

/** The one it was made from; when that is no longer kept, the newest below it. */
function previous(layout: Layout, after: Generation): Generation | null {
  const parent = after.parent === null ? null : readableGeneration(layout, after.parent);
  if (parent !== null) return parent;
  const below = generationNumbers(layout).findLast((number) => number < after.number);
  return below === undefined ? null : readableGeneration(layout, below);
}

type Pair = {
  readonly name: string;
  readonly old: InstalledBundle | undefined;
  readonly now: InstalledBundle | undefined;
};

function pairsOf(before: readonly InstalledBundle[], after: readonly InstalledBundle[]): readonly Pair[] {
  const names = [...new Set([...before, ...after].map((bundle) => bundle.name))].toSorted();
  return names
    .map((name) => ({
      name,
      old: before.find((bundle) => bundle.name === name),
      now: after.find((bundle) => bundle.name === name),
    }))
    .filter(({ old, now }) => old?.digest !== now?.digest);
}

function directionOf(old: InstalledBundle | undefined, now: InstalledBundle | undefined): Direction {
  if (old === undefined) return 'add';
  if (now === undefined) return 'remove';
  const order = compareVersions(old.version, now.version);
  return order === 0 ? 'rebuild' : order < 0 ? 'up' : 'down';
}

async function filesOf({ name, old, now }: Pair, layout: Layout): Promise<readonly FileDifference[]> {
  const [before, after] = await Promise.all([old, now].map((bundle) => tableOf(bundle, layout)));
  const paths = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].toSorted();
  return paths.flatMap((path) => {
    const [was, is] = [before?.get(path), after?.get(path)];
    if (was === is) return [];
    const change =
      was === undefined ? ('added' as const) : is === undefined ? ('removed' as const) : ('changed' as const);
    return [{ bundle: name, path, change }];
  });
}

/** Path -> everything that makes the entry what it is. */
async function tableOf(bundle: InstalledBundle | undefined, layout: Layout): Promise<ReadonlyMap<string, string>> {
  if (bundle === undefined) return new Map();
  const { name, version, digest } = bundle;
  const { files } = await storedManifest(layout, { name, version, digest });
  return new Map(files.map((entry: FileEntry) => [entry.path, JSON.stringify(entry)]));
}
