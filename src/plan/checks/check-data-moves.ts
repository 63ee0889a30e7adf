import { type Cause, type Facts, bundleTitle } from '../../model/index.ts';
import { type DataMove, dataMoves } from '../data-moves.ts';
import { refuse } from '../target.ts';
import type { Check } from './check.ts';

/** Refuses to give data to a bundle that has some already, or from or to a folder that cannot be renamed. */
export const checkDataMoves: Check = (proposal) => {
  const found = dataMoves(proposal).flatMap((move) => whyNot(move, proposal.facts));
  const [first] = found;
  return first === undefined ? null : refuse('data-in-the-way', found, first.hint);
};

function whyNot({ from, to }: DataMove, { dataStates, root }: Facts): readonly (Cause & { readonly hint: string })[] {
  const [source, target] = [from, to].map(({ id }) => `${root}/data/${id.name}`);
  const message = `${bundleTitle(to.id)} takes over the data of ${bundleTitle(from.id)}, but`;
  if (dataStates.get(from.id.name) === 'disk') {
    const hint = `stop ${from.id.name}, mount at ${target} what is mounted at ${source}, then try again`;
    return [{ message: `${message} ${source} is a mount point, which cannot be renamed`, hint }];
  }
  switch (dataStates.get(to.id.name)) {
    case 'disk': {
      const hint = `unmount it, or stop ${from.id.name} and move the data there yourself, then try again`;
      return [{ message: `${message} ${target} is a mount point, which nothing can be renamed to`, hint }];
    }
    case 'held': {
      const hint = `move away what ${to.id.name} is not to begin with: ${target}, or ${source}`;
      return [{ message: `${message} data of ${to.id.name} lies in ${target}`, hint }];
    }
    case 'empty':
    case undefined:
      return [];
  }
}
