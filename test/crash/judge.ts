import fs from 'node:fs';
import path from 'node:path';
import { examineRoot, listTree } from './examine-root.ts';
import { findHooks } from './find-hooks.ts';
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
  const below = [place.root, place.outside];
  const run = await runProgram(place.program, words, { ...point, below, log: freshLog(scenario) });
  // The numbers of calls differ a little from run to run; the last ones may not come any more.
  if (run.signal === null && run.exit !== (scenario.exit ?? 0)) return [`ended with ${run.exit}: ${run.stderr}`];
  const isNew = wasCommitted(place, scenario.before);
  const problems = saidCommitted(run) && !isNew ? ['said committed before COMMIT was written'] : [];
  if (point.again !== undefined) {
    const fault = { at: point.again, what: 'before', below, log: freshLog(scenario) };
    await runProgram(place.program, ['--root', place.root, 'recover'], fault);
  }
  return [...problems, ...(await judgeRecovery(scenario, isNew))];
}

/** Lets a call of the change fail, and answers what is wrong then; a success is fine where it is one. */
export async function failAt(scenario: Scenario, point: Point): Promise<readonly string[]> {
  rewind(scenario);
  const { place, words, before } = scenario;
  const below = [place.root, place.outside];
  const run = await runProgram(place.program, words, { ...point, below, log: freshLog(scenario) });
  const isNew = wasCommitted(place, before);
  return [
    ...(run.signal === null ? [] : [`ended by ${run.signal}`]),
    ...((run.exit === 0) === isNew ? [] : [`ended with ${run.exit}, though ${isNew ? '' : 'not '}committed`]),
    ...(run.exit === 0 || namesCause(run, point, place) ? [] : [`says nothing of ${point.what}: ${run.stdout}`]),
    ...(run.exit === 0 || run.exit === 5 ? [] : judgeUntouched(place, before)),
    ...(await judgeRecovery(scenario, isNew)),
  ];
}

/** The last error told must say what the operating system said, or where. */
function namesCause(run: Run, { what }: Point, { root }: Place): boolean {
  const errors = eventsOf(run).filter(({ event }) => event === 'error');
  return errors.some(
    ({ message }) => typeof message === 'string' && (message.includes(what) || message.includes(root)),
  );
}

/** Without exit 5 nothing is left to recover. */
function judgeUntouched({ root }: Place, { state }: Look): readonly string[] {
  const now = JSON.stringify(examineRoot(root));
  return now === JSON.stringify(state) ? [] : [`not undone: ${now}`];
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
    ...findHooks(place.root).map((pid) => `process ${pid} of a hook is left`),
    ...judgeLook(() => lookAt(place), before, after, isNew),
  ];
}

/** What differs from the one state that must have come out. */
function judgeLook(look: () => Look, before: Look, after: Look, isNew: boolean): readonly string[] {
  let now: Look;
  try {
    now = look();
  } catch (error) {
    return [(error as Error).message];
  }
  const must = isNew ? after : before;
  const fresh = now.effects.slice(before.effects.length);
  return [
    ...(JSON.stringify(now.state) === JSON.stringify(must.state)
      ? []
      : [`state ${JSON.stringify(now.state)} instead of ${isNew ? 'new' : 'old'} ${JSON.stringify(must.state)}`]),
    ...differences('outside', must.outside, now.outside),
    ...(isNew ? judgeCommitted(fresh, after.effects.slice(before.effects.length)) : judgeUndone(fresh)),
    ...judgePaths(now.paths, must.paths),
  ];
}

/** Every hook ran, in order; those after COMMIT may have run twice. */
function judgeCommitted(fresh: readonly string[], expected: readonly string[]): readonly string[] {
  const once = fresh.filter((line, n) => !line.endsWith(' purge') || fresh.indexOf(line) === n);
  return JSON.stringify(once) === JSON.stringify(expected) ? [] : [`hooks: ${fresh.join(', ')}`];
}

const OPPOSITE: Readonly<Record<string, string>> = {
  preinstall: 'postremove',
  postinstall: 'preremove',
  preremove: 'postinstall',
  postremove: 'preinstall',
};

/** Every hook that ran has been answered by its opposite, in reverse order. An answer may be repeated, or lack its call. */
export function judgeUndone(fresh: readonly string[]): readonly string[] {
  const firstUndo = fresh.findIndex((line) => line.includes(' abort-'));
  const done = firstUndo === -1 ? fresh : fresh.slice(0, firstUndo);
  const answers = done.toReversed().map(opposite);
  let at = fresh.length;
  const missing = answers.toReversed().filter((answer) => {
    const found = fresh.lastIndexOf(answer, at - 1);
    if (found < done.length) return true;
    at = found;
    return false;
  });
  return missing.map((answer) => `hooks: ${answer} is missing or too early in: ${fresh.join(', ')}`);
}

function opposite(line: string): string {
  const [, bundle, hook = '', action] = /^(\S+) (\S+) (.*)$/.exec(line) ?? [];
  return `${bundle} ${OPPOSITE[hook]} abort-${action}`;
}

/** Nothing may be missing; what is left over is a generation that was live for a moment, or garbage of the old one. */
function judgePaths(now: readonly string[], must: readonly string[]): readonly string[] {
  const relevant = (name: string) => !/^(transactions\/|lock$|root\.json$)/.test(name);
  const left = now
    .filter((name) => /^(tmp|trash)\//.test(name) || isTemporary(name))
    .map((name) => `left over: ${name}`);
  const there = new Set(now);
  const gone = must.filter((name) => relevant(name) && !there.has(name)).map((name) => `gone: ${name}`);
  return [...left, ...gone];
}

/** Before there is a root, nobody can know whether another pkg is just making it. */
function isTemporary(name: string): boolean {
  return name.endsWith('.tmp') && !name.startsWith('.root.json.');
}

/** Whether the change got its COMMIT; read with one expression, to be independent of the reader under test. */
function wasCommitted({ root }: Place, before: Look): boolean {
  const folder = path.join(root, 'transactions');
  if (!fs.existsSync(folder)) return false;
  const journals = fs
    .readdirSync(folder)
    .filter((id) => !before.paths.includes(`transactions/${id}`))
    .map((id) => path.join(folder, id, 'journal.jsonl'))
    .filter((file) => fs.existsSync(file));
  return journals.some((file) => /"entry":\{"record":"COMMIT".*\}\n/.test(fs.readFileSync(file, 'utf8')));
}

function saidCommitted(run: Run): boolean {
  return eventsOf(run).some(({ event, outcome }) => event === 'result' && outcome === 'committed');
}

/** Logs of hooks and the words in the lock are no state. */
function stableTree(root: string): readonly string[] {
  return listTree(root, true).filter((line) => !/^(lock |transactions\/\d+\/log)/.test(line));
}

function differences(what: string, a: readonly string[], b: readonly string[]): readonly string[] {
  const [was, is] = [new Set(a), new Set(b)];
  return [
    ...a.filter((line) => !is.has(line)).map((line) => `${what}: was ${line}`),
    ...b.filter((line) => !was.has(line)).map((line) => `${what}: is ${line}`),
  ];
}

function freshLog({ place }: Scenario): string {
  fs.rmSync(place.log, { force: true });
  return place.log;
}
