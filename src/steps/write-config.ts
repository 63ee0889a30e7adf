import fs from 'node:fs';
import path from 'node:path';
import { readStoredManifest } from '../bundle/index.ts';
import { keepEdits, revisionFiles, type Shipped, shippedFiles, writeRevision } from '../config/index.ts';
import type { BundleId, Step } from '../model/index.ts';
import { configRevisions, type Layout, takeConfigAway } from '../store/index.ts';
import type { StepHandler } from './step-handler.ts';

type ConfigStep = Step & { readonly kind: 'write-config' };

/** A new revision beside the old one, merged with what the operator edited; the old one stays as it is. */
export const writeConfig: StepHandler<'write-config'> = {
  repeatable: true,
  isGround: true,

  async do(step, { layout, tell }) {
    const { name } = step.bundle;
    const shipped = await shippedBy(layout, step.bundle);
    const outcomes = await writeRevision({
      into: layout.configRevision(name, step.revision),
      created: layout.configCreated(name, step.revision),
      shipped: { into: layout.configShipped(name, step.revision), files: shipped },
      temp: path.join(layout.tmp, `config-${name}-${step.revision}`),
      mine: await editedUntilNow(step, layout),
      theirs: restoredFiles(step, layout) ?? shipped,
      exact: step.exact ? `pkg-edited-${step.previous?.revision ?? step.revision}` : null,
      policy: step.policy === 'new' ? 'new' : 'keep',
    });
    const side =
      step.policy === 'keep'
        ? 'yours is kept, the new one lies beside it'
        : 'the new one is in place, yours lies beside it';
    for (const { path: file, outcome } of outcomes) {
      if (outcome === 'conflict') tell({ event: 'warning', message: `etc/${name}/${file}: ${side}` });
    }
  },

  async undo(step, world) {
    const { layout, tell } = world;
    const { name } = step.bundle;
    const revision = layout.configRevision(name, step.revision);
    const beside =
      step.previous === null
        ? path.join(layout.transaction(world.transaction), 'edited', name)
        : layout.configRevision(step.previous.bundle.name, step.previous.revision);
    const kept = keepEdits(revision, layout.configCreated(name, step.revision), beside, `pkg-edited-${step.revision}`);
    for (const file of kept) {
      tell({ event: 'warning', message: `edited while the change ran, kept as ${path.join(beside, file)}` });
    }
    takeConfigAway(layout, name, step.revision);
  },
};

/** What lies in the live revision and what it is measured against; after a removal, what was left behind. */
async function editedUntilNow({ bundle, previous, revision, restored }: ConfigStep, layout: Layout) {
  if (previous === null) {
    const left = configRevisions(layout)
      .get(bundle.name)
      ?.findLast((one) => one !== revision);
    if (left === undefined) return null;
    return {
      now: layout.configRevision(bundle.name, left),
      base: revisionFiles(layout.configShipped(bundle.name, left)),
    };
  }
  const { name } = previous.bundle;
  const now = layout.configRevision(name, previous.revision);
  // Going back, only what was edited since this revision was made is carried over to the older one.
  if (restored !== undefined) return { now, base: revisionFiles(layout.configCreated(name, previous.revision)) };
  const shipped = layout.configShipped(name, previous.revision);
  return { now, base: fs.existsSync(shipped) ? revisionFiles(shipped) : await shippedBy(layout, previous.bundle) };
}

/** The older revision gone back to; null when there is none, or when it was purged. */
function restoredFiles({ bundle, restored }: ConfigStep, layout: Layout): readonly Shipped[] | null {
  if (restored === undefined) return null;
  const folder = layout.configRevision(bundle.name, restored);
  return fs.existsSync(folder) ? revisionFiles(folder) : null;
}

async function shippedBy(layout: Layout, bundle: BundleId): Promise<readonly Shipped[]> {
  const folder = layout.bundle(bundle);
  return shippedFiles(folder, (await readStoredManifest(folder)).config ?? []);
}
