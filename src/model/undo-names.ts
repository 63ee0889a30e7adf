import { oppositeHook } from './hook-pairs.ts';
import type { HookEntry, HookName } from './manifest.ts';
import type { HookCall, Step } from './plan.ts';
import { serviceTitle } from './service.ts';

const OPPOSITE: Readonly<Record<HookName, HookName>> = {
  preinstall: 'postremove',
  postinstall: 'preremove',
  preremove: 'postinstall',
  postremove: 'preinstall',
};

/** A script that undoes a hook or a part of one, or that cleans up, and by which hook it is known. */
export type UndoScript = { readonly script: string; readonly hook: HookName };

/** What undoes a list of entries: the undo or opposite of each, and once the opposite scripts `plain` for plain ones. */
export function undoScripts(call: HookCall, plainOf: (hook: HookName) => readonly HookEntry[]): readonly UndoScript[] {
  const hook = OPPOSITE[call.hook];
  const own = call.entries.toReversed().flatMap((entry) => ownUndo(entry) ?? []);
  const opposite = call.entries.some(isPlain) ? plainOf(hook).filter(isPlain) : [];
  return [...own, ...opposite].map((script) => ({ script, hook }));
}

/** `site/preremove`, `site/pkg:join-balancer`: how an operator names it. */
export function undoScriptName(bundle: string, { script, hook }: UndoScript): string {
  return `${bundle}/${script.startsWith('pkg:') ? script : hook}`;
}

/** The names of what runs in the undo of a step and may fail for ever: scripts of bundles, and services to bring back. */
export function undoNames(step: Step): readonly string[] {
  switch (step.kind) {
    case 'run-hook': {
      const scripts = undoScripts(step.call, (hook) => [hook]);
      return [...new Set(scripts.map((script) => undoScriptName(step.call.bundle.name, script)))];
    }
    case 'run-program':
      return step.undoRun === null ? [] : [`${step.bundle.name}/${step.verb}`];
    case 'control-service':
      return step.undoVerb === null ? [] : [`${serviceTitle(step.service.name)}:${step.undoVerb}`];
    case 'guard-service':
      return [serviceTitle(step.service.name)];
    default:
      return [];
  }
}

/** The names of what a step runs after COMMIT, where nothing is undone any more. */
export function cleaningNames(step: Step): readonly string[] {
  if (step.kind !== 'run-hook') return [];
  const { bundle, hook, entries } = step.call;
  return [...new Set(entries.map((entry) => undoScriptName(bundle.name, { script: hookScript(entry), hook })))];
}

/** The script that an entry of a hook runs. */
export function hookScript(entry: HookEntry): string {
  return typeof entry === 'string' ? entry : entry.do;
}

function ownUndo(entry: HookEntry): string | null {
  if (typeof entry !== 'string') return entry.undo ?? null;
  return entry.startsWith('pkg:') ? oppositeHook(entry) : null;
}

function isPlain(entry: HookEntry): entry is string {
  return typeof entry === 'string' && !entry.startsWith('pkg:');
}
