import { PkgError } from '../../error.ts';
import { type Deletable, deletableInWords, type Plan } from '../../model/index.ts';
import type { Session } from '../session.ts';

/** Data is deleted for good only after its bundle was named for that: in advance, or typed now. */
export async function acceptLoss(plan: Plan, session: Session): Promise<void> {
  for (const { name, lost } of losses(plan)) {
    const what = lost.map(deletableInWords).join(', ');
    const typed = await session.askName(name, `${what} will be deleted for good`);
    if (typed === null) throw nobodyNamed(name, what);
    if (typed.trim() !== name) throw new PkgError('declined', `'${name}' was not typed: its data stays`);
  }
}

/** Configuration goes with it; only what services wrote cannot be written once more. */
function losses({ steps, overrides }: Plan): readonly { readonly name: string; readonly lost: readonly Deletable[] }[] {
  return steps.flatMap((step) => {
    if (step.kind !== 'purge' || overrides.includes(`accept-data-loss ${step.name}`)) return [];
    const lost = step.deletes.filter(({ what, entries }) => what === 'data' && entries > 0);
    return lost.length === 0 ? [] : [{ name: step.name, lost }];
  });
}

function nobodyNamed(name: string, what: string): PkgError {
  return new PkgError('data-loss', `${what} would be deleted for good`, {
    hint: `if that is meant: --accept-data-loss ${name}; without --purge it stays`,
  });
}
