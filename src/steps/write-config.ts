import path from 'node:path';
import { readStoredManifest } from '../bundle/index.ts';
import { revisionFiles, type Shipped, shippedFiles, writeRevision } from '../config/index.ts';
import type { BundleId } from '../model/index.ts';
import { type Layout, takeConfigAway } from '../store/index.ts';
import type { StepHandler } from './step-handler.ts';

/** A new revision beside the old one, merged with what the operator edited; the old one stays as it is. */
export const writeConfig: StepHandler<'write-config'> = {
  repeatable: true,
  isGround: true,

  async do(step, { layout, tell }) {
    const { bundle, previous, revision, restored } = step;
    const shipped = await shippedBy(layout, bundle);
    const outcomes = await writeRevision({
      into: layout.configRevision(bundle.name, revision),
      created: layout.configCreated(bundle.name, revision),
      temp: path.join(layout.tmp, `config-${bundle.name}-${revision}`),
      mine:
        previous === null
          ? null
          : {
              now: layout.configRevision(previous.bundle.name, previous.revision),
              // Going back, only what was edited since this revision was made is carried over to the older one.
              base:
                restored === undefined
                  ? await shippedBy(layout, previous.bundle)
                  : revisionFiles(layout.configCreated(previous.bundle.name, previous.revision)),
            },
      theirs: restored === undefined ? shipped : revisionFiles(layout.configRevision(bundle.name, restored)),
      exact: step.exact ? `pkg-edited-${previous?.revision ?? revision}` : null,
      policy: step.policy,
    });
    for (const { path: file, outcome } of outcomes) {
      const side =
        step.policy === 'keep'
          ? 'yours is kept, the new one lies beside it'
          : 'the new one is in place, yours lies beside it';
      if (outcome === 'conflict') tell({ event: 'warning', message: `etc/${bundle.name}/${file}: ${side}` });
    }
  },

  async undo(step, { layout }) {
    takeConfigAway(layout, step.bundle.name, step.revision);
  },
};

async function shippedBy(layout: Layout, bundle: BundleId): Promise<readonly Shipped[]> {
  const folder = layout.bundle(bundle);
  return shippedFiles(folder, (await readStoredManifest(folder)).config ?? []);
}
