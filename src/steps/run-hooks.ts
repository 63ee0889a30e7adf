import path from 'node:path';
import { type HookCall, type HookEntry, type HookName, hookPath, oppositeHook, type Step } from '../model/index.ts';
import { runScript } from './run-script.ts';
import { type ScriptPlace, scriptPlace } from './script-environment.ts';
import type { StepHandler } from './step-handler.ts';
import type { World } from './world.ts';

const OPPOSITE: Readonly<Record<HookName, HookName>> = {
  preinstall: 'postremove',
  postinstall: 'preremove',
  preremove: 'postinstall',
  postremove: 'preinstall',
};

type HookStep = Step & { readonly kind: 'run-hook' };

/** The entries of one hook in order, the first failure stops; undone in reverse, each in its own way. */
export const runHooks: StepHandler<'run-hook'> = {
  repeatable: false,

  async do(step, world) {
    const place = await scriptPlace({ ...step, ...step.call }, world);
    const { hook, action, rest, entries } = step.call;
    for (const entry of entries) {
      const script = typeof entry === 'string' ? entry : entry.do;
      await runOne(script, hook, [action, ...rest], { step, place, world });
    }
  },

  async undo(step, world) {
    const { call } = step;
    const action = `abort-${call.action}`;
    const place = await scriptPlace({ ...step, ...call, action }, world);
    const failures: unknown[] = [];
    for (const { script, hook } of undoScripts(call, place)) {
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

/** What undoes a list of entries: each its own undo or opposite, and once the opposite script for the plain ones. */
function undoScripts(
  call: HookCall,
  place: ScriptPlace,
): readonly { readonly script: string; readonly hook: HookName }[] {
  const hook = OPPOSITE[call.hook];
  const own = call.entries.toReversed().flatMap((entry) => ownUndo(entry) ?? []);
  const opposite = call.entries.some(isPlain) ? (place.manifest.hooks?.[hook] ?? []).filter(isPlain) : [];
  return [...own, ...opposite].map((script) => ({ script, hook }));
}

function ownUndo(entry: HookEntry): string | null {
  if (typeof entry !== 'string') return entry.undo ?? null;
  return entry.startsWith('pkg:') ? oppositeHook(entry) : null;
}

function isPlain(entry: HookEntry): entry is string {
  return typeof entry === 'string' && !entry.startsWith('pkg:');
}
