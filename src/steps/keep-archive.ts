import fs from 'node:fs';
import { forgetArchive, keepArchive as keepInStore } from '../store/index.ts';
import type { StepHandler } from './step-handler.ts';

/** Keeps the archive for the way back and for the next machine; undo leaves one that was kept before. */
export const keepArchive: StepHandler<'keep-archive'> = {
  repeatable: true,

  async note(step, { layout }) {
    return { keptBefore: fs.existsSync(layout.archive(step.bundle)) };
  },

  async do(step, { layout }) {
    keepInStore(layout, step.bundle);
  },

  async undo(step, { layout }, note) {
    const keptBefore = note !== null && typeof note === 'object' && 'keptBefore' in note && note.keptBefore === true;
    if (!keptBefore) forgetArchive(layout, step.bundle);
  },
};
