import { bundleTitle, type Step } from '../../../model/index.ts';
import { dataMoves } from '../../data-moves.ts';
import type { Proposal } from '../../proposal.ts';

/** Moves data when its services have stopped, and before a hook or program of the successor uses it. */
export function stepsForMoves(proposal: Proposal): readonly Step[] {
  return dataMoves(proposal).map(({ from, to }) => ({
    kind: 'move-data',
    phase: 'migrate-before',
    bundle: to.id.name,
    from: from.id.name,
    summary: `give the data of ${bundleTitle(from.id)} to ${bundleTitle(to.id)}`,
    undo: `give it back to ${bundleTitle(from.id)}`,
  }));
}
