import { PkgError } from '../../error.ts';
import { type BundleId, bundleTitle, type Generation, type Plan } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import { handMade } from '../facts/drift-of.ts';
import type { Session } from '../session.ts';
import { repairBundle } from './repair-bundle.ts';

/**
 * Restores the shipped files of every bundle that comes back from the store and was changed by hand there: nobody looked
 * at it since it left. Before BEGIN; where nothing was touched it only asks the kernel for times.
 */
export async function mendEntering(
  plan: Plan,
  current: Generation | null,
  layout: Layout,
  session: Session,
): Promise<void> {
  for (const bundle of enteringFromStore(plan, current)) await mend(bundle, layout, session);
}

function enteringFromStore(plan: Plan, current: Generation | null): readonly BundleId[] {
  const looked = new Set([...(current?.bundles ?? []), ...plan.archives].map(({ digest }) => digest));
  return plan.steps
    .flatMap((step) => (step.kind === 'write-generation' ? step.bundles : []))
    .filter(({ digest }) => !looked.has(digest));
}

async function mend({ name, version, digest }: BundleId, layout: Layout, session: Session): Promise<void> {
  const id: BundleId = { name, version, digest };
  const damage = (await handMade(layout, [id])).filter(({ change }) => change !== 'extra');
  if (damage.length === 0) return;
  if (damage.some(({ path }) => path === 'bundle.json')) {
    // The plan was made from it.
    throw new PkgError('drift', `the manifest of ${bundleTitle(id)} in the store was changed by hand`, {
      hint: 'pkg verify --all --repair',
    });
  }
  const [unrepaired] = await repairBundle(id, damage, layout, session);
  if (unrepaired !== undefined) throw new PkgError('drift', unrepaired.message, { hint: unrepaired.hint });
  const message = `files of ${bundleTitle(id)} in the store were changed by hand; the shipped ones were put back`;
  session.tell({ event: 'warning', message });
}
