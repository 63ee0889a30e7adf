import path from 'node:path';
import { readStoredManifest } from '../bundle/index.ts';
import {
  bundleTitle,
  type HookName,
  hookPath,
  hookScript,
  type Step,
  undoScriptName,
  undoScripts,
} from '../model/index.ts';
import { isGivenUp } from './is-given-up.ts';
import { isInstalledAgain } from './is-installed-again.ts';
import { runScript } from './run-script.ts';
import { type ScriptPlace, scriptPlace } from './script-environment.ts';
import type { StepHandler } from './step-handler.ts';
import type { World } from './world.ts';

type HookStep = Step & { readonly kind: 'run-hook' };

/** The entries of one hook in order, the first failure stops; undone in reverse, each in its own way. */
export const runHooks: StepHandler<'run-hook'> = {
  repeatable: false,

  async do(step, world) {
    const { bundle, hook, action, rest, entries } = step.call;
    const isPurge = action === 'purge';
    if (isPurge && isInstalledAgain(bundle.name, `${hook} purge of ${bundleTitle(bundle)} is not run`, world)) return;
    const isLeftOut = (script: string) => isGivenUp(undoScriptName(bundle.name, { script, hook }), world);
    const scripts = entries.map(hookScript).filter((script) => !isLeftOut(script));
    // What is given up may be so because its place cannot be made.
    if (scripts.length === 0) return;
    const place = await scriptPlace({ ...step, ...step.call }, world);
    for (const script of scripts) await runOne(script, hook, [action, ...rest], { step, place, world });
  },

  async undo(step, world) {
    const { call } = step;
    const { bundle } = call;
    // Given up before anything else is looked at: perhaps its bundle cannot be read, or its place not be made.
    const mayRun = undoScripts(call, (hook) => [hook]).filter(
      (one) => !isGivenUp(undoScriptName(bundle.name, one), world),
    );
    if (mayRun.length === 0) return;
    const { hooks } = await readStoredManifest(world.layout.bundle(bundle));
    const left = undoScripts(call, (hook) => hooks?.[hook] ?? []).filter(
      (one) => !world.givenUp.includes(undoScriptName(bundle.name, one)),
    );
    if (left.length === 0) return;
    const action = `abort-${call.action}`;
    const place = await scriptPlace({ ...step, ...call, action }, world);
    const failures: unknown[] = [];
    for (const { script, hook } of left) {
      try {
        await runOne(script, hook, [action, ...call.rest], { step, place, world });
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  },
};

type Run = { readonly step: HookStep; readonly place: ScriptPlace; readonly world: World };

async function runOne(script: string, hook: HookName, args: readonly string[], run: Run): Promise<void> {
  const { step, place, world } = run;
  await runScript(
    {
      title: `${script.startsWith('pkg:') ? script : hook} ${args.join(' ')}`,
      file: path.join(place.folder, hookPath(script)),
      args,
      cwd: place.scratch,
      timeout: step.call.timeout,
      failure: 'hook-failed',
    },
    place,
    world,
  );
}
