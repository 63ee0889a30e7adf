import { discard, type Layout, readPointer } from '../store/index.ts';
import { recordsInRun } from './service/records-in-run.ts';
import type { StepHandler } from './step-handler.ts';

/** After COMMIT: a generation that was only passed through on the way to another. */
export const forgetGeneration: StepHandler<'forget-generation'> = {
  repeatable: true,

  async do(step, { layout }) {
    const pointer = readPointer(layout);
    const isLive = pointer.kind === 'generation' && pointer.number === step.number;
    if (!isLive && !isLivedIn(step.number, layout)) discard(layout, layout.generation(step.number));
  },

  async undo() {
    // Only ever cleaning: it runs after COMMIT, where nothing is undone.
  },
};

/** A service that was started on the way, and left alone since, finds its commands there; gc removes it some day. */
function isLivedIn(number: number, layout: Layout): boolean {
  return recordsInRun(layout).some(({ generation, pid }) => generation === number && typeof pid === 'number');
}
