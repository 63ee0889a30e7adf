import type { Step } from '../../model/index.ts';
import { HANDLERS, type World } from '../../steps/index.ts';
import type { Layout } from '../../store/index.ts';
import type { OpenOrder } from '../../transaction/index.ts';
import type { Concluded } from '../change/conclude.ts';
import type { Session } from '../session.ts';
import { progressTeller, worldOf } from '../world.ts';
import type { OpenTrial } from './open-trial.ts';

/** What the engine needs to continue transaction `id`, which another call left open. */
export function openOrder(
  id: number,
  layout: Layout,
  session: Session,
  givenUp: readonly string[] = [],
): OpenOrder<Step, World> {
  return {
    folder: layout.transaction(id),
    handlers: HANDLERS,
    world: worldOf(layout, id, session, givenUp),
    overrides: givenUp.map((name) => ({ words: `--skip-hook ${name}`, by: session.by })),
    tell: progressTeller(session.tell),
  };
}

/** What a result tells of a trial, even if its plan is damaged. */
export function planOf({ plan }: OpenTrial): Concluded['plan'] {
  return plan ?? { changes: [], steps: [] };
}
