import fs from 'node:fs';
import path from 'node:path';
import { type Code, PkgError } from '../error.ts';
import { type HookEnd, runHook } from '../hook/index.ts';
import { bundleTitle } from '../model/index.ts';
import { parseDuration } from '../system/index.ts';
import type { ScriptPlace } from './script-environment.ts';
import { tellOutput } from './tell-output.ts';
import type { World } from './world.ts';

/** One run of a script of a bundle: what people call it, and what to start. */
export type Script = {
  readonly title: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly timeout: string;
  readonly failure: Extract<Code, 'hook-failed' | 'check-failed' | 'step-failed'>;
  /** What it reads on stdin. */
  readonly input?: string;
};

/** Where the whole output of a script is, and how long it took. */
export type ScriptEnd = { readonly log: string; readonly seconds: number };

/** Runs it to its end with its output in the transaction's log; throws with the last lines when it says no. */
export async function runScript(script: Script, place: ScriptPlace, world: World): Promise<ScriptEnd> {
  const log = freeLog(world, `${place.manifest.name}-${script.title.replaceAll(/[^A-Za-z0-9._-]+/g, '-')}`);
  fs.mkdirSync(path.dirname(log), { recursive: true, mode: 0o700 });
  const began = performance.now();
  const run = {
    file: script.file,
    args: script.args,
    env: place.env,
    cwd: script.cwd,
    ...(script.input === undefined ? {} : { input: script.input }),
    log,
    timeoutMs: parseDuration(script.timeout),
    secrets: place.secrets,
    abort: world.interruptHooks(),
  };
  const title = `${script.title} of ${bundleTitle(place.manifest)}`;
  const end = await tellOutput(log, title, world.tell, () => runHook(run));
  warnOfLeftovers(end, script, place, world);
  if (end.ok) return { log, seconds: Math.round(performance.now() - began) / 1000 };
  throw new PkgError(
    script.failure,
    `${title} ${ending(end, script)}${end.tail === '' ? '' : `:\n${indent(end.tail)}`}`,
    {
      hint: `its whole output: ${log}`,
      details: { log, exitCode: end.code, signal: end.signal },
    },
  );
}

function ending(end: HookEnd, script: Script): string {
  if (end.timedOut) return `did not end within ${script.timeout}`;
  if (end.signal !== null) return `was ended by ${end.signal}`;
  return `failed with exit status ${end.code}`;
}

function warnOfLeftovers(end: HookEnd, script: Script, place: ScriptPlace, { tell }: World): void {
  const title = `${script.title} of ${bundleTitle(place.manifest)}`;
  if (end.ended.length > 0) {
    tell({ event: 'warning', message: `${title} left processes behind, they were ended: ${end.ended.join(', ')}` });
  }
  if (end.survivors.length > 0) {
    tell({
      event: 'warning',
      message: `${title} left processes running outside its group: ${end.survivors.join(', ')}`,
    });
  }
}

/** The same script may run again, on undo or after a crash; each run keeps its own log. */
export function freeLog({ layout, transaction }: World, name: string): string {
  for (let n = 1; ; n++) {
    const log = layout.stepLog(transaction, n === 1 ? name : `${name}.${n}`);
    if (!fs.existsSync(log)) return log;
  }
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
