import path from 'node:path';
import type { BundleId, Generation } from '../model/index.ts';
import { collectable } from '../plan/index.ts';
import {
  configRevisions,
  discard,
  foldersInUse,
  forgetArchive,
  generationNumbers,
  type Layout,
  readGeneration,
  readPointer,
  readPolicy,
  storedFolders,
  sweep,
  takeBundleAway,
  takeConfigAway,
} from '../store/index.ts';
import { outcomeOf, readTransactions } from './read-transactions.ts';
import type { Session } from './session.ts';

/** What gc removed, or would remove. */
export type Collected = {
  readonly generations: readonly number[];
  readonly bundles: readonly BundleId[];
};

/** Removes generations nobody goes back to, and bundles and configuration only they held. Only under the lock. */
export async function collectGarbage(
  layout: Layout,
  session: Pick<Session, 'dryRun'>,
  keep: number | null = null,
): Promise<Collected> {
  const policy = readPolicy(layout);
  const pointer = readPointer(layout);
  const transactions = readTransactions(layout);
  const generations = generationNumbers(layout).flatMap((number) => {
    const generation = readGeneration(layout, number);
    return generation === null ? [] : [{ generation, outcome: outcomeOf(number, transactions) }];
  });
  const named = new Map(
    generations.flatMap(({ generation }) => generation.bundles).map((bundle) => [bundle.digest, bundle]),
  );
  const used = foldersInUse([...named.values()].map((bundle) => layout.bundle(bundle)));
  const found = collectable({
    generations,
    current: pointer.kind === 'generation' ? pointer.number : null,
    keep: keep ?? policy.keep,
    tagged: Object.values(policy.tags),
    inUse: [...named.values()].filter((bundle) => used.has(layout.bundle(bundle))).map((bundle) => bundle.digest),
    stored: [...named.keys()],
  });
  const bundles = found.digests.flatMap((digest) => named.get(digest) ?? []);
  if (session.dryRun) return { generations: found.generations, bundles };
  for (const number of found.generations) discard(layout, layout.generation(number));
  for (const bundle of bundles) {
    takeBundleAway(layout, bundle);
    forgetArchive(layout, bundle);
  }
  dropUnnamedFolders(layout);
  dropUnnamedConfig(layout);
  sweep(layout);
  return { generations: found.generations, bundles };
}

/** Store folders that no generation names: remains of something cut short, or kept only because a process used them. */
function dropUnnamedFolders(layout: Layout): void {
  const named = new Set(
    keptGenerations(layout).flatMap(({ bundles }) => bundles.map((bundle) => layout.bundle(bundle))),
  );
  const unnamed = storedFolders(layout)
    .map((folder) => path.join(layout.store, folder))
    .filter((folder) => !named.has(folder));
  const used = foldersInUse(unnamed);
  for (const folder of unnamed) if (!used.has(folder)) discard(layout, folder);
}

/** Revisions that no generation names; the newest of each bundle stays, also of one that was removed. */
function dropUnnamedConfig(layout: Layout): void {
  const named = new Set(
    keptGenerations(layout).flatMap(({ config }) =>
      Object.entries(config).map(([name, revision]) => `${name}/${revision}`),
    ),
  );
  for (const [name, revisions] of configRevisions(layout)) {
    for (const revision of revisions.slice(0, -1)) {
      if (!named.has(`${name}/${revision}`)) takeConfigAway(layout, name, revision);
    }
  }
}

function keptGenerations(layout: Layout): readonly Generation[] {
  return generationNumbers(layout).flatMap((number) => readGeneration(layout, number) ?? []);
}
