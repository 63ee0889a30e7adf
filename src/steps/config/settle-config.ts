import fs from 'node:fs';
import { readStoredManifest } from '../../bundle/index.ts';
import {
  besideDeleted,
  type Choice,
  type Edited,
  editedSince,
  type Entries,
  howOf,
  readFolder,
  type Settling,
  withEdits,
  withoutKept,
} from '../../config/index.ts';
import type { Step } from '../../model/index.ts';
import { configRevisions, type Layout, readAnswers } from '../../store/index.ts';
import { type ConfigSource, shippedConfig } from './shipped-config.ts';

export type ConfigStep = Step & { readonly kind: 'write-config' };

/** All sides of one configuration as they are now, and what the bundle ships; the same before a change and within it. */
export async function configSides(
  step: ConfigStep,
  source: ConfigSource,
  choices: ReadonlyMap<string, Choice>,
  layout: Layout,
): Promise<Settling & { readonly shipped: Entries }> {
  const shipped = await shippedConfig(layout, source);
  const { mine, base } = await editedUntilNow(step, layout);
  const restored = restoredFiles(step, layout);
  const since = editsSince(step, layout);
  return {
    shipped,
    mine,
    ...(restored === null ? { base, theirs: shipped } : wayBack(step, { mine, base, restored, since }, layout)),
    how: howOf(source.manifest.config ?? []),
    exact: step.exact ? `pkg-edited-${step.previous?.revision ?? step.revision}` : null,
    // Where nobody was asked, the operator's side stays.
    policy: step.policy === 'new' ? 'new' : 'keep',
    choices,
  };
}

type WayBack = Pick<Settling, 'mine' | 'base'> & { readonly restored: Entries; readonly since: readonly Edited[] };

/** What is gone back to, with everything that was written since; what cannot be taken along lies beside it. */
function wayBack(step: ConfigStep, { mine, base, restored, since }: WayBack, layout: Layout) {
  if (step.exact) return { base: withoutKept(editedSince(base, since), restored), theirs: restored };
  const shipped = readFolder(layout.configShipped(step.bundle.name, step.restored ?? step.revision));
  const kept = besideDeleted(restored, shipped, [...since, { created: base, now: mine }]);
  return { base: withoutKept(base, restored), theirs: withEdits(kept, since, 'new') };
}

/** What lies in the live revision and what it is measured against; after a removal, what was left behind. */
export async function editedUntilNow({ bundle, previous, revision, restored }: ConfigStep, layout: Layout) {
  if (previous === null) {
    const left = leftBehind({ bundle, revision }, layout);
    if (left === undefined) return { mine: new Map(), base: new Map() };
    const folder = restored === undefined ? layout.configShipped : layout.configCreated;
    return {
      mine: readFolder(layout.configRevision(bundle.name, left)),
      base: readFolder(folder(bundle.name, left)),
    };
  }
  const { name } = previous.bundle;
  const mine = readFolder(layout.configRevision(name, previous.revision));
  // Going back, only what was edited since this revision was made is carried over to the older one.
  if (restored !== undefined) return { mine, base: readFolder(layout.configCreated(name, previous.revision)) };
  const kept = layout.configShipped(name, previous.revision);
  return { mine, base: fs.existsSync(kept) ? readFolder(kept) : await shippedThen(previous, layout) };
}

/** The newest revision of a bundle that was removed. */
function leftBehind({ bundle, revision }: Pick<ConfigStep, 'bundle' | 'revision'>, layout: Layout): string | undefined {
  return configRevisions(layout)
    .get(bundle.name)
    ?.findLast((one) => one !== revision);
}

/** Each revision between the one gone back to and the one that is measured by itself. */
function editsSince(step: ConfigStep, layout: Layout) {
  const last = step.previous === null ? leftBehind(step, layout) : step.previous.revision;
  return (step.since ?? [])
    .filter((one) => one !== last && fs.existsSync(layout.configRevision(step.bundle.name, one)))
    .map((one) => ({
      created: readFolder(layout.configCreated(step.bundle.name, one)),
      now: readFolder(layout.configRevision(step.bundle.name, one)),
    }));
}

/** A root of an older pkg kept no copy; the bundle still has it. */
async function shippedThen(
  { bundle, revision }: NonNullable<ConfigStep['previous']>,
  layout: Layout,
): Promise<Entries> {
  const folder = layout.bundle(bundle);
  const settings = readAnswers(layout, Number(revision), bundle.name);
  const manifest = await readStoredManifest(folder);
  return shippedConfig(layout, {
    folder,
    manifest,
    bundleDir: folder,
    settings,
    generation: revision,
    mayLackOwner: true,
  });
}

/** The older revision gone back to; null when there is none, or when it was purged. */
function restoredFiles({ bundle, restored }: ConfigStep, layout: Layout): Entries | null {
  if (restored === undefined) return null;
  const folder = layout.configRevision(bundle.name, restored);
  return fs.existsSync(folder) ? readFolder(folder) : null;
}
