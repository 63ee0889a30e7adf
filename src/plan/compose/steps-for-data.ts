import { bundleTitle, type Step } from '../../model/index.ts';
import type { Proposal } from '../proposal.ts';

/** The data folder of every bundle that wants one, after the hooks that may create its owner. */
export function stepsForData({ entering }: Proposal): readonly Step[] {
  return entering
    .filter(({ member }) => member.manifest.data?.directory === true)
    .map(({ member: { id, manifest } }) => ({
      kind: 'make-data',
      phase: 'prepare',
      bundle: id,
      owner: manifest.data?.owner ?? null,
      summary: `make the data folder of ${bundleTitle(id)}`,
      undo: 'remove it again if it was not there before and is still empty',
    }));
}
