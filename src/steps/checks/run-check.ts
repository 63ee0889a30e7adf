import fs from 'node:fs';
import { PkgError } from '../../error.ts';
import { bundleTitle, type Expectations, type Step } from '../../model/index.ts';
import { type CheckName, type CheckRun, keepCheckRuns, readCheckRuns } from '../../store/index.ts';
import { expand } from '../bundle-values.ts';
import { programOf } from '../program-of.ts';
import { runScript } from '../run-script.ts';
import { scriptPlace } from '../script-environment.ts';
import type { StepHandler } from '../step-handler.ts';
import type { World } from '../world.ts';
import { checkPorts } from './check-ports.ts';
import { judgeCheck, lastGood, type Run } from './judge-check.ts';
import { readTestReport } from './read-test-report.ts';

type CheckStep = Step & { readonly kind: 'run-check' };

/** A gate: a no of it undoes everything. Where numbers are expected, those of a good run are kept for the next. */
export const runCheck: StepHandler<'run-check'> = {
  repeatable: true,

  async note(step, { layout }) {
    return step.expect === undefined ? null : { before: [...readCheckRuns(layout, nameOf(step))] };
  },

  async do(step, world, note) {
    const purpose = { ...step, action: step.when, otherVersion: null, forced: [] };
    const found = await scriptPlace(purpose, world);
    const ports = checkPorts(found.manifest, step.when, world.layout);
    const place = { ...found, env: { ...found.env, ...ports } };
    const words = step.run.map((word) => expand(word, place.values, place.manifest));
    const ended = await runScript(
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
    if (step.expect === undefined) return;
    const before = runsBefore(note);
    const run = { ...readTestReport(fs.readFileSync(ended.log, 'utf8')), seconds: ended.seconds };
    refuseUnexpected(run, step, { expected: step.expect, last: lastGood(before, step.bundle.version), log: ended.log });
    keepCheckRuns(world.layout, nameOf(step), [...before, kept(run, step)]);
  },

  async undo(step, { layout }: World, note) {
    if (step.expect !== undefined && note !== undefined) keepCheckRuns(layout, nameOf(step), runsBefore(note));
  },
};

function nameOf({ bundle, check, when }: CheckStep): CheckName {
  return { bundle: bundle.name, check, when };
}

function runsBefore(note: unknown): readonly CheckRun[] {
  return (note as { readonly before?: readonly CheckRun[] } | null | undefined)?.before ?? [];
}

function refuseUnexpected(
  run: Run,
  { check, bundle }: CheckStep,
  { expected, last, log }: { readonly expected: Expectations; readonly last: CheckRun | null; readonly log: string },
): void {
  const misses = judgeCheck(run, expected, last);
  if (misses.length === 0) return;
  throw new PkgError('check-failed', `check ${check} of ${bundleTitle(bundle)} ended well, but ${misses.join('; ')}`, {
    hint: `its whole output: ${log}`,
    details: { log, expected, last, files: run.files, tests: run.tests, warnings: run.warnings, seconds: run.seconds },
  });
}

function kept({ files, tests, skipped, warnings, seconds }: Run, { bundle }: CheckStep): CheckRun {
  return { version: bundle.version, files, tests, skipped, warnings, seconds };
}
