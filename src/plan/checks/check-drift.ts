import { bundleTitle, type Cause } from '../../model/index.ts';
import type { Proposal } from '../proposal.ts';
import { refuse } from '../target.ts';
import type { Check } from './check.ts';

/** Refuses to leave drift behind; a rollback goes on with a note, because it is often the way out of it. */
export const checkDrift: Check = (proposal) => {
  const causes = driftLeftBehind(proposal);
  if (causes.length === 0 || proposal.request.kind === 'rollback' || proposal.request.overrides.acceptDrift)
    return null;
  return refuse(
    'drift',
    causes,
    'pkg verify --repair puts the shipped files back and keeps a copy, as this does: --accept-drift',
  );
};

/** Files changed by hand in bundles that leave or change. */
export function driftLeftBehind({ facts, entering, leaving }: Proposal): readonly Cause[] {
  const old = [...entering.flatMap(({ before }) => before ?? []), ...leaving.map(({ member }) => member)];
  const digests = new Set(old.map((member) => member.id.digest));
  return facts.drift
    .filter(({ bundle }) => digests.has(bundle.digest))
    .map(({ bundle, path, change }) => ({
      message: `${path} of ${bundleTitle(bundle)} was changed by hand (${change})`,
    }))
    .toSorted((a, b) => (a.message < b.message ? -1 : 1));
}
