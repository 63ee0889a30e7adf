import { bundleTitle, type Step } from '../../../model/index.ts';
import { dataMoves } from '../../data-moves.ts';
import type { Proposal } from '../../proposal.ts';

/** The data folder of every bundle that wants one, after the hooks that may create its owner. */
export function stepsForData(proposal: Proposal): readonly Step[] {
  const heirs = dataMoves(proposal).map(({ to }) => to);
  return proposal.entering
    .filter(({ member }) => member.manifest.data?.directory === true)
    .map(({ member }) => ({
      kind: 'make-data',
      // An inherited folder needs its place free.
      phase: heirs.includes(member) ? 'migrate-before' : 'prepare',
      bundle: member.id,
      owner: member.manifest.data?.owner ?? null,
      summary: `make the data folder of ${bundleTitle(member.id)}`,
      undo: 'remove it again if it was not there before and is still empty',
    }));
}
