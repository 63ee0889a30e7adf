import fs from 'node:fs';
import path from 'node:path';
import type { BundleId, Generation } from '../../model/index.ts';
import { collectable } from '../../plan/index.ts';
import {
  brokenRevisions,
  configRevisions,
  discard,
  foldersInUse,
  forgetArchive,
  generationNumbers,
  type Holder,
  type Layout,
  readPointer,
  readPolicy,
  storedFolders,
  sweep,
  takeBundleAway,
  takeConfigAway,
  takeFolderAway,
} from '../../store/index.ts';
import { findRecord } from '../facts/generation-record.ts';
import {
  begunSteps,
  cleaningLeft,
  outcomeOf,
  readTransactions,
  type TransactionRecord,
} from '../facts/read-transactions.ts';
import { forgetConfigCopies } from '../service/config-copies.ts';
import { dropLeftovers, serviceLeftovers } from '../service/leftovers.ts';
import { serviceRecords } from '../service/records.ts';
import type { Session } from '../session.ts';
import { isPassed, unnamedBundles } from './unnamed-bundles.ts';

/** What gc removed, or would remove. */
export type Collected = {
  readonly generations: readonly number[];
  readonly bundles: readonly BundleId[];
  /** Bundles that only processes keep, and these processes. */
  readonly held: readonly (BundleId & { readonly by: readonly Holder[] })[];
};

/** Deletes generations that are no longer kept, and bundles and configuration that only they used. Needs the lock. */
export async function collectGarbage(
  layout: Layout,
  session: Pick<Session, 'dryRun'>,
  keep: number | null = null,
): Promise<Collected> {
  const policy = readPolicy(layout);
  const pointer = readPointer(layout);
  const transactions = readTransactions(layout);
  const generations = foundGenerations(layout).map((generation) => ({
    generation,
    outcome: outcomeOf(generation.number, transactions),
  }));
  const named = new Map(
    generations.flatMap(({ generation }) => generation.bundles).map((bundle) => [bundle.digest, bundle]),
  );
  const held = heldByUnreadable(layout);
  const found = collectable({
    generations,
    current: pointer.kind === 'generation' ? pointer.number : null,
    keep: keep ?? policy.keep,
    // Services find their commands through the generation from which they were started.
    tagged: [
      ...Object.values(policy.tags),
      ...(await runningGenerations(layout)),
      ...transactions.flatMap(generationsToClean),
    ],
    pins: policy.pins,
    stored: [...named.keys()],
  });
  const kept = [...named.values()].filter(({ digest }) => !found.digests.includes(digest));
  const unwanted = [
    ...found.digests.flatMap((digest) => named.get(digest) ?? []),
    ...unnamedBundles(layout, named.values()).filter((bundle) => !isPassed(bundle, kept)),
  ];
  // Looking at every process takes longer than all else here, so it is only done if something could be deleted.
  const used = foldersInUse(unwanted.map((bundle) => layout.bundle(bundle)));
  const isUsed = (bundle: BundleId) => used.has(layout.bundle(bundle)) || held.has(layout.bundle(bundle));
  const bundles = unwanted.filter((bundle) => !isUsed(bundle));
  const holding = unwanted.flatMap((bundle) => heldBy(bundle, used.get(layout.bundle(bundle)) ?? []));
  const collected = { generations: found.generations, bundles, held: holding };
  if (session.dryRun) return collected;
  // As long as a generation names them, the next run knows what to take if this one is cut short.
  for (const bundle of bundles) forgetArchive(layout, bundle);
  for (const number of found.generations) discard(layout, layout.generation(number));
  for (const bundle of bundles) takeBundleAway(layout, bundle);
  dropUnnamedFolders(layout, held);
  dropUnnamedConfig(layout, held);
  if (held.size === 0) dropLeftovers(await serviceLeftovers(layout, foundGenerations(layout)));
  await forgetConfigCopies(layout);
  sweep(layout);
  return collected;
}

/** A pending purge hook runs from the removed bundle, with its settings and configuration. */
function generationsToClean(record: TransactionRecord): readonly number[] {
  const parents = new Map(
    begunSteps(record).flatMap((step) => (step.kind === 'write-generation' ? [[step.number, step.parent]] : [])),
  );
  return cleaningLeft(record).flatMap((step) => {
    if (step.kind !== 'run-hook') return [];
    const seen = step.seenIn ?? parents.get(step.generation) ?? null;
    return seen === null ? [step.generation] : [step.generation, seen];
  });
}

function heldBy(bundle: BundleId, by: readonly Holder[]): Collected['held'] {
  return by.length === 0 ? [] : [{ ...bundle, by }];
}

async function runningGenerations(layout: Layout): Promise<readonly number[]> {
  const records = await serviceRecords(layout);
  return records.filter(({ isRunning }) => isRunning).map(({ record }) => record.generation);
}

/** Every generation on disk; one whose record is damaged or lost counts as its transaction wrote it. */
function foundGenerations(layout: Layout): readonly Generation[] {
  return generationNumbers(layout).flatMap((number) => findRecord(layout, number)?.generation ?? []);
}

/** What a generation with an unreadable record links to: it is left alone, together with everything it uses. */
function heldByUnreadable(layout: Layout): ReadonlySet<string> {
  const folders = generationNumbers(layout)
    .filter((number) => findRecord(layout, number) === null)
    .flatMap((number) => ['bundles', 'etc'].map((name) => path.join(layout.generation(number), name)));
  return new Set(folders.flatMap((folder) => linkedFrom(folder)));
}

function linkedFrom(folder: string): readonly string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isSymbolicLink())
    .map(({ name }) => path.resolve(folder, fs.readlinkSync(path.join(folder, name))));
}

/** Store folders that no generation names: left by an interrupted change, or kept because a process used them. */
function dropUnnamedFolders(layout: Layout, held: ReadonlySet<string>): void {
  const named = new Set(
    foundGenerations(layout).flatMap(({ bundles }) => bundles.map((bundle) => layout.bundle(bundle))),
  );
  const unnamed = storedFolders(layout)
    .map((folder) => path.join(layout.store, folder))
    .filter((folder) => !named.has(folder) && !held.has(folder));
  const used = foldersInUse(unnamed);
  for (const folder of unnamed) if (!used.has(folder)) takeFolderAway(layout, folder);
}

/** Revisions that no generation names; the newest of each bundle stays, also of one that was removed. */
function dropUnnamedConfig(layout: Layout, held: ReadonlySet<string>): void {
  const named = new Set(
    foundGenerations(layout).flatMap(({ config }) =>
      Object.entries(config).map(([name, revision]) => layout.configRevision(name, revision)),
    ),
  );
  for (const [name, revisions] of configRevisions(layout)) {
    for (const revision of [...revisions.slice(0, -1), ...brokenRevisions(layout, name)]) {
      const folder = layout.configRevision(name, revision);
      if (!named.has(folder) && !held.has(folder)) takeConfigAway(layout, name, revision);
    }
  }
}
