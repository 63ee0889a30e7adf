import { discard } from '../store/index.ts';
import type { StepHandler } from './step-handler.ts';

/** After COMMIT, on request: the data, every configuration revision and the kept runs of checks of a bundle that left. */
export const purge: StepHandler<'purge'> = {
  repeatable: true,

  async do(step, { layout }) {
    discard(layout, layout.dataOf(step.name));
    discard(layout, layout.configOf(step.name));
    discard(layout, layout.checksOf(step.name));
  },

  async undo() {
    // Only ever cleaning: it runs after COMMIT, where nothing is undone.
  },
};
