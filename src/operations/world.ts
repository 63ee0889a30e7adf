import type { Step, Tell } from '../model/index.ts';
import type { World } from '../steps/index.ts';
import type { Layout } from '../store/index.ts';
import type { Progress } from '../transaction/index.ts';
import type { Session } from './session.ts';

/** What the steps of transaction `id` may use. */
export function worldOf(layout: Layout, id: number, session: Session, givenUp: readonly string[] = []): World {
  return {
    layout,
    transaction: id,
    tell: session.tell,
    home: session.home,
    node: session.node,
    program: session.program,
    givenUp,
    interruptHooks: () => session.interruptHooks(),
  };
}

/** The engine's progress as events. */
export function progressTeller(tell: Tell): (progress: Progress<Step>) => void {
  return ({ n, of, step, state }) => {
    const { phase, kind, summary } = step;
    tell({ event: 'step', n: n + 1, of, phase, kind, summary, state });
  };
}
