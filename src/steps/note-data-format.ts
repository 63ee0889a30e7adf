import { noteDataFormat, readDataFormats } from '../store/index.ts';
import type { StepHandler } from './step-handler.ts';

/** Which format the data on disk has from now on; undo writes down what was written before. */
export const noteDataFormatStep: StepHandler<'note-data-format'> = {
  repeatable: true,

  async note(step, { layout }) {
    return { before: readDataFormats(layout).get(step.bundle) ?? null };
  },

  async do(step, { layout }) {
    noteDataFormat(layout, step.bundle, step.to);
  },

  async undo(step, { layout }, note) {
    if (note === undefined) return;
    noteDataFormat(layout, step.bundle, (note as { readonly before: number | null }).before);
  },
};
