import fs from 'node:fs';
import path from 'node:path';
import { readStoredManifest } from '../../bundle/index.ts';
import { readFolder, writeRevision } from '../../config/index.ts';
import type { BundleId, Generation } from '../../model/index.ts';
import { linksOf, makeLink, shippedConfig } from '../../steps/index.ts';
import {
  areAnswersLost,
  discard,
  generationNumbers,
  type Layout,
  linksBeside,
  openRoot,
  pointTo,
  readAnswers,
  readPointer,
  rewriteRecord,
  sweep,
} from '../../store/index.ts';
import { replaceSymlink } from '../../system/index.ts';
import { findRecord, liveNumber } from '../facts/generation-record.ts';
import { holdLock } from '../hold-lock.ts';
import type { Session } from '../session.ts';
import { trialStandsInTheWay } from '../trial/open-trial.ts';
import { bringUpAgain } from './bring-up-again.ts';
import { repairConfig } from './config-damage.ts';
import { damagedBundles, externalLinksOf, type Found } from './find-damage.ts';
import { repairFormats } from './format-damage.ts';
import { cleanCommitted, undoOpen } from './recover-open.ts';
import { repairBundle, type Unrepaired } from './repair-bundle.ts';
import { repairSettings } from './settings-damage.ts';
import { repairUnits } from './unit-damage.ts';
import { type Verified, verified, verify } from './verify.ts';

export type Repaired = Verified & { readonly unrepaired: readonly Unrepaired[] };

/**
 * Puts back what was damaged: files from the kept archives, records from the journal, links and `current`. Every write
 * takes the place of what was there with one rename, so that a repair cut short leaves less damage, and is repeated.
 */
export async function repair(session: Session, { all }: { readonly all: boolean }): Promise<Repaired> {
  if (openRoot(session.root) === null) return { ...verified(null, [], []), unrepaired: [] };
  return holdLock(session, async (layout) => {
    const { undone, trial } = await undoOpen(layout, session);
    if (trial !== null) throw trialStandsInTheWay(trial);
    const before = await verify(session.root, { all });
    const unrepaired: Unrepaired[] = [];
    const live = liveNumber(layout);
    const others = all ? generationNumbers(layout).filter((number) => number !== live) : [];
    for (const number of [...(live === null ? [] : [live]), ...others])
      unrepaired.push(...(await repairGeneration(number, number === live, layout, session)));
    unrepaired.push(...(await repairFormats(layout, live)));
    await cleanCommitted(layout, session);
    sweep(layout);
    await bringUpAgain(layout, session, undone);
    const after = await verify(session.root, { all });
    // What is lost for good is said once, also where nothing is left that differs.
    const ok = after.ok && unrepaired.length === 0;
    return { ...after, ok, repaired: missingFrom(after.damage, before.damage), unrepaired };
  });
}

async function repairGeneration(
  number: number,
  isLive: boolean,
  layout: Layout,
  session: Session,
): Promise<readonly Unrepaired[]> {
  const record = findRecord(layout, number);
  if (record === null) return [];
  const { generation, state } = record;
  if (state !== 'whole') rewriteRecord(layout, generation);
  const settings = repairSettings(layout, generation);
  const unrepaired: Unrepaired[] = [];
  for (const { bundle, damage } of await damagedBundles(layout, generation)) {
    const shipped = damage.filter(({ change }) => change !== 'extra');
    if (shipped.length > 0) unrepaired.push(...(await repairBundle(bundle, shipped, layout, session)));
  }
  if (unrepaired.length > 0) return [...settings, ...unrepaired];
  const missing: Unrepaired[] = [];
  // An interrupted repair leaves the top folder of a bundle writable, which no table of files covers.
  for (const bundle of generation.bundles) fs.chmodSync(layout.bundle(bundle), 0o555);
  for (const bundle of generation.bundles) {
    const revision = generation.config[bundle.name];
    if (revision !== undefined && !fs.existsSync(layout.configRevision(bundle.name, revision)))
      missing.push(...(await repairRevision(layout, bundle, number, revision)));
  }
  const lost = [...missing, ...(await repairConfig(layout, generation))];
  await repairLinks(layout, generation);
  if (!isLive) return [...settings, ...lost];
  await goLive(layout, generation);
  return [...settings, ...lost, ...(await repairUnits(layout, generation, session))];
}

/** A revision that is gone comes back as it was made, or as its bundle shipped it; edits made since are lost with it. */
async function repairRevision(
  layout: Layout,
  bundle: BundleId,
  number: number,
  revision: string,
): Promise<readonly Unrepaired[]> {
  if (areAnswersLost(layout, number, bundle.name)) return [unmade(bundle, number, revision)];
  const folder = layout.bundle(bundle);
  const created = layout.configCreated(bundle.name, revision);
  const manifest = await readStoredManifest(folder);
  const settings = readAnswers(layout, number, bundle.name);
  const source = { folder, manifest, bundleDir: folder, settings, generation: revision, mayLackOwner: false };
  const shipped = await shippedConfig(layout, source);
  await writeRevision({
    via: [],
    into: layout.configRevision(bundle.name, revision),
    created,
    sums: layout.configSums(bundle.name, revision),
    shipped: { into: layout.configShipped(bundle.name, revision), entries: shipped },
    temp: path.join(layout.tmp, `repair-${bundle.name}-${revision}`),
    mine: new Map(),
    base: new Map(),
    theirs: fs.existsSync(created) ? readFolder(created) : shipped,
    how: new Map(),
    exact: null,
    policy: 'keep',
    choices: new Map(),
  });
  return [];
}

function unmade({ name }: BundleId, number: number, revision: string): Unrepaired {
  return {
    message: `config/${name}/${revision} is gone, and so are the settings of generation ${number} that it is made with`,
    hint: `give all of them anew: pkg settings set ${name} KEY=VALUE`,
  };
}

async function repairLinks(layout: Layout, generation: Generation): Promise<void> {
  for (const [name, target] of linksBeside(generation, await linksOf(layout, generation))) {
    const link = path.join(layout.generation(generation.number), name);
    if (holds(link, target)) continue;
    fs.mkdirSync(path.dirname(link), { recursive: true });
    if (fs.lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === false) discard(layout, link);
    replaceSymlink(target, link, layout.tmp);
  }
}

/** `current` first, because external links lead through it. What others put in their places is left alone. */
async function goLive(layout: Layout, generation: Generation): Promise<void> {
  const pointer = readPointer(layout);
  if (pointer.kind !== 'generation' || pointer.number !== generation.number) pointTo(layout, generation.number);
  for (const bundle of generation.bundles) {
    for (const link of await externalLinksOf(layout, bundle)) {
      if (fs.lstatSync(link.at, { throwIfNoEntry: false }) === undefined) makeLink(link);
    }
  }
}

function holds(link: string, target: string): boolean {
  try {
    return fs.readlinkSync(link) === target;
  } catch {
    return false;
  }
}

function missingFrom(after: readonly Found[], before: readonly Found[]): readonly Found[] {
  const left = new Set(after.map((one) => JSON.stringify(one)));
  return before.filter((one) => !left.has(JSON.stringify(one)));
}
