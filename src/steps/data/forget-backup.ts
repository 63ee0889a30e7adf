import type { StepHandler } from '../step-handler.ts';
import { dropCopy } from './backup-data.ts';

/** After COMMIT: nobody goes back to the copy of the data any more. */
export const forgetBackup: StepHandler<'forget-backup'> = {
  repeatable: true,

  async do({ copy }) {
    dropCopy(copy);
  },

  async undo() {
    // Only ever cleaning: it runs after COMMIT, where nothing is undone.
  },
};
