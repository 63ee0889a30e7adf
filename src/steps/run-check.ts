import type { StepHandler } from './step-handler.ts';
import { runScript } from './run-script.ts';
import { expand } from './bundle-values.ts';
import { programOf } from './program-of.ts';
import { scriptPlace } from './script-environment.ts';

/** A gate: nothing is changed by it, and a no of it undoes everything. */
export const runCheck: StepHandler<'run-check'> = {
  repeatable: true,

  async do(step, world) {
    const purpose = { ...step, action: step.when, otherVersion: null, forced: [] };
    const place = await scriptPlace(purpose, world);
    const words = step.run.map((word) => expand(word, place.values, place.manifest));
    await runScript(
      {
        title: `check ${step.check}`,
        ...programOf(words, place.folder),
        cwd: place.folder,
        timeout: step.timeout,
        failure: 'check-failed',
      },
      place,
      world,
    );
  },

  async undo() {
    // A check changes nothing.
  },
};
