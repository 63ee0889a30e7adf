import fs from 'node:fs';
import path from 'node:path';
import { listTree } from './examine-root.ts';
import { changedElsewhere, faultIn } from './fault.ts';
import { differences, judgeLook } from './judge-look.ts';
import { judgeRest } from './judge-rest.ts';
import type { Place } from './place.ts';
import { eventsOf, type Run, runHere, runProgram } from './program.ts';
import { type Look, lookAt, rewind, type Scenario } from './scenarios.ts';

/** One way to go wrong: call `at` of the change, and perhaps call `again` of the first recovery. */
export type Point = {
  readonly at: number;
  readonly what: string;
  readonly again?: number;
  /** With an errno: from this call on it stays. */
  readonly sticky?: boolean;
};

/** Kills the change at the point, recovers, and answers what is not as it must be. */
export async function crashAt(scenario: Scenario, point: Point): Promise<readonly string[]> {
  rewind(scenario);
  const { place, words } = scenario;
  const run = await runProgram(place.program, words, faultIn(place, point));
  // The numbers of calls differ a little from run to run; the last ones may not come any more.
  if (run.signal === null && run.exit !== (scenario.exit ?? 0)) return [`ended with ${run.exit}: ${run.stderr}`];
  const isNew = wasCommitted(place, scenario.before);
  const problems = [
    ...(saidCommitted(run) && !isNew ? ['said committed before COMMIT was written'] : []),
    ...changedElsewhere(place.log),
  ];
  if (point.again !== undefined) {
    const fault = faultIn(place, { at: point.again, what: 'before' });
    await runProgram(place.program, ['--root', place.root, 'recover'], fault);
  }
  return [...problems, ...(await judgeRecovery(scenario, isNew))];
}

/** Lets a call of the change fail, and answers what is wrong then; a success is fine where it is one. */
export async function failAt(scenario: Scenario, point: Point): Promise<readonly string[]> {
  rewind(scenario);
  const { place, words, before } = scenario;
  const run = await runProgram(place.program, words, faultIn(place, point));
  const isNew = wasCommitted(place, before);
  return [
    ...judgeEnd(run, isNew, point),
    // What would have failed anyway names its own reason.
    ...(run.exit === (scenario.exit ?? 0) ? [] : judgeCause(run, point, place)),
    ...(run.exit === 0 || run.exit === NEEDS_RECOVERY ? [] : judgeUntouched(scenario)),
    ...changedElsewhere(place.log),
    ...(await judgeRecovery(scenario, isNew)),
  ];
}

/** The same with a recovery: what says that it went well has left nothing to recover. */
export async function failRecoveryAt(scenario: Scenario, point: Point): Promise<readonly string[]> {
  rewind(scenario);
  const { place, words } = scenario;
  const run = await runProgram(place.program, words, faultIn(place, point));
  const second = run.exit === 0 ? await runHere(['--root', place.root, 'recover']) : null;
  return [
    ...(run.exit === 0 ? [] : judgeCause(run, point, place)),
    ...(second === null || /nothing to recover/.test(second.stderr) ? [] : [`it left something: ${second.stderr}`]),
    ...changedElsewhere(place.log),
    ...(await judgeRecovery(scenario, wasCommitted(place, scenario.before))),
  ];
}

const NEEDS_RECOVERY = 5;

/** Success is told of what is new, and of nothing else. Where the disk takes COMMIT and nothing from then on, only recovery can say which it is. */
export function judgeEnd(run: Run, isNew: boolean, { sticky }: Point): readonly string[] {
  const isOpen = run.exit === NEEDS_RECOVERY && sticky === true;
  return [
    ...(run.signal === null ? [] : [`ended by ${run.signal}`]),
    ...((run.exit === 0) === isNew || isOpen ? [] : [`ended with ${run.exit}, though ${isNew ? '' : 'not '}committed`]),
  ];
}

/** An error that is told must say what the operating system said, or where. */
export function judgeCause(run: Run, { what }: Point, { root }: Place): readonly string[] {
  const errors = eventsOf(run).filter(({ event }) => event === 'error');
  const isNamed = errors.some(
    ({ message }) => typeof message === 'string' && (message.includes(what) || message.includes(root)),
  );
  return isNamed && run.signal === null ? [] : [`says nothing of ${what}: ${run.signal ?? run.stdout}${run.stderr}`];
}

/** Without exit 5 nothing is left to recover: all is old already, but for files that the disk did not let go. */
function judgeUntouched({ place, before, after }: Scenario): readonly string[] {
  const problems = judgeLook(() => lookAt(place), { before, after, isNew: false });
  return problems.filter((problem) => !problem.startsWith('left over: ')).map((problem) => `not undone: ${problem}`);
}

/** Recovers twice and answers what is wrong then; `isNew` says which of the two states must have come out. */
export async function judgeRecovery(scenario: Scenario, isNew: boolean): Promise<readonly string[]> {
  const { place, before, after } = scenario;
  const first = await runProgram(place.program, ['--root', place.root, 'recover']);
  if (first.exit !== 0) return [`recover ended with ${first.exit}: ${first.stderr}`];
  const tree = stableTree(place.root);
  const second = await runHere(['--root', place.root, 'recover']);
  return [
    ...(second.exit === 0 ? [] : [`the second recover ended with ${second.exit}: ${second.stderr}`]),
    ...(/nothing to recover/.test(second.stderr) ? [] : [`the second recover said: ${second.stderr}`]),
    ...differences('the second recover', tree, stableTree(place.root)),
    ...judgeLook(() => lookAt(place), { before, after, isNew }),
    ...(await judgeRest(place)),
  ];
}

/** Whether the change got its COMMIT; read with one expression, to be independent of the reader under test. */
export function wasCommitted({ root }: Place, before: Look): boolean {
  const folder = path.join(root, 'transactions');
  if (!fs.existsSync(folder)) return false;
  const journals = fs
    .readdirSync(folder)
    .filter((id) => !before.paths.includes(`transactions/${id}`))
    .map((id) => path.join(folder, id, 'journal.jsonl'))
    .filter((file) => fs.existsSync(file));
  return journals.some((file) => /"entry":\{"record":"COMMIT".*\}\n/.test(fs.readFileSync(file, 'utf8')));
}

/** Whether it told of success. */
export function saidCommitted(run: Run): boolean {
  return eventsOf(run).some(({ event, outcome }) => event === 'result' && outcome === 'committed');
}

/** Logs of hooks and the words in the lock are no state. */
function stableTree(root: string): readonly string[] {
  return listTree(root, true).filter((line) => !/^(lock |transactions\/\d+\/log)/.test(line));
}
