import { type Step, undoNames } from '../model/index.ts';
import { expand } from './bundle-values.ts';
import { isGivenUp } from './is-given-up.ts';
import { programOf } from './program-of.ts';
import { runScript } from './run-script.ts';
import { scriptPlace } from './script-environment.ts';
import type { StepHandler } from './step-handler.ts';
import type { World } from './world.ts';

type ProgramStep = Step & { readonly kind: 'run-program' };

/** A program of the bundle that takes part in an upgrade: told `up FROM TO`, on undo the other way round. */
export const runProgram: StepHandler<'run-program'> = {
  repeatable: false,

  async do(step, world) {
    await run(step.run, [step.direction, step.fromVersion, step.toVersion], { step, world });
  },

  async undo(step, world) {
    if (step.undoRun === null || undoNames(step).some((name) => isGivenUp(name, world))) return;
    const back = step.direction === 'up' ? 'down' : 'up';
    await run(step.undoRun, [back, step.toVersion, step.fromVersion], { step, world });
  },
};

async function run(
  words: readonly string[],
  told: readonly string[],
  { step, world }: { readonly step: ProgramStep; readonly world: World },
): Promise<void> {
  const { verb, bundle, generation } = step;
  const other = bundle.version === step.fromVersion ? step.toVersion : step.fromVersion;
  const purpose = { bundle, generation, action: `${verb} ${told[0]}`, otherVersion: other, forced: [] };
  const place = await scriptPlace(purpose, world);
  const command = words.map((word) => expand(word, place.values, place.manifest));
  await runScript(
    {
      title: [verb, command[0], ...told].join(' '),
      ...programOf([...command, ...told], place.folder),
      cwd: place.scratch,
      timeout: step.timeout,
      failure: verb === 'check' ? 'check-failed' : 'step-failed',
      input: `${JSON.stringify(step.extra)}\n`,
    },
    place,
    world,
  );
}
