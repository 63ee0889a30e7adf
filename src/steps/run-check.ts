import path from 'node:path';
import type { StepHandler } from './step-handler.ts';
import { runScript } from './run-script.ts';
import { expand } from './bundle-values.ts';
import { scriptPlace } from './script-environment.ts';

/** A gate: nothing is changed by it, and a no of it undoes everything. */
export const runCheck: StepHandler<'run-check'> = {
  repeatable: true,

  async do(step, world) {
    const purpose = { ...step, action: step.when, otherVersion: null, forced: [] };
    const place = await scriptPlace(purpose, world);
    const [program = '', ...words] = step.run.map((word) => expand(word, place.values, place.manifest));
    const isOwn = program.includes('/');
    await runScript(
      {
        title: `check ${step.check}`,
        // A bare name is looked up in the PATH of the bundle, which only env(1) knows at that moment.
        file: isOwn ? path.resolve(place.folder, program) : '/usr/bin/env',
        args: isOwn ? words : [program, ...words],
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
