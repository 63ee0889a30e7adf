import { discard, readPointer } from '../store/index.ts';
import type { StepHandler } from './step-handler.ts';

/** After COMMIT: a generation that was only passed through on the way to another. */
export const forgetGeneration: StepHandler<'forget-generation'> = {
  repeatable: true,

  async do(step, { layout }) {
    const pointer = readPointer(layout);
    if (pointer.kind === 'generation' && pointer.number === step.number) return;
    discard(layout, layout.generation(step.number));
  },

  async undo() {
    // Only ever cleaning: it runs after COMMIT, where nothing is undone.
  },
};
