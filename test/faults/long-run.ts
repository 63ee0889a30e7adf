import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { examineRoot } from '../crash/examine-root.ts';
import { judgeRest } from '../crash/judge-rest.ts';
import { changedElsewhere, watched } from '../crash/fault.ts';
import { makeBundle } from '../crash/make-bundle.ts';
import { clearTemporary, type Place } from '../crash/place.ts';
import { type Run, runHere, runProgram, startProgram } from '../crash/program.ts';
import { randomFrom } from './random-from.ts';

const NAMES = ['perl', 'site', 'tools'] as const;
const VERSIONS = ['1.0.0', '1.1.0', '2.0.0'] as const;

/** What should be live: version by name. */
type Live = Readonly<Record<string, string>>;

/** A request with what is live when it succeeds; null: nothing changes. */
type Step = { readonly words: readonly string[]; readonly becomes: Live | null };

/** One root under a seeded operator, and the simplest model of it: the set that each generation stands for. */
export type LongRun = {
  readonly place: Place;
  readonly archives: ReadonlyMap<string, string>;
  readonly random: () => number;
  live: Live;
  readonly generations: Map<number, Live>;
  /** Name -> the port that the operator last wrote into its configuration; it outlives every change. */
  readonly ports: Map<string, number>;
};

/** An empty root and three versions of three bundles. */
export async function beginLongRun(place: Place, seed: number): Promise<LongRun> {
  const archives = new Map<string, string>();
  for (const name of NAMES) {
    for (const version of VERSIONS) archives.set(`${name} ${version}`, await makeBundle(place, { name, version }));
  }
  return { place, archives, random: randomFrom(seed), live: {}, generations: new Map(), ports: new Map() };
}

/** One operation, one time in five killed at some moment; answers where the disk and the model do not agree. */
export async function goOn(run: LongRun): Promise<readonly string[]> {
  const step = chooseStep(run);
  const { place } = run;
  const isKilled = pick(run, 5) === 0;
  const words = ['--root', place.root, '--yes', '--json', ...step.words];
  const ended = isKilled ? await killed(run, words) : await runProgram(place.program, words, watched(place));
  if (isKilled) {
    await runProgram(place.program, ['--root', place.root, 'recover']);
    clearTemporary(place);
  }
  const problems = [
    ...judgeEnd(run, step, ended),
    ...changedElsewhere(place.log),
    ...judgeEdits(run),
    ...(await judgeRecovered(run)),
  ].map((problem) => `${isKilled ? 'killed ' : ''}${step.words.join(' ')}: ${problem}`);
  const { generation } = examineRoot(place.root);
  if (generation !== null) run.generations.set(generation, run.live);
  return problems;
}

function chooseStep(run: LongRun): Step {
  const { live } = run;
  const name = NAMES[pick(run, NAMES.length)] ?? 'perl';
  const version = VERSIONS[pick(run, VERSIONS.length)] ?? '1.0.0';
  const archive = run.archives.get(`${name} ${version}`) ?? '';
  const current = live[name];
  switch (pick(run, 8)) {
    case 0:
      if (current !== undefined) return { words: ['remove', name], becomes: without(live, name) };
      break;
    case 1:
      return { words: ['gc', '--keep', String(1 + pick(run, 3))], becomes: null };
    case 2:
      return edit(run, name);
    case 3: {
      const number = kept(run).at(pick(run, 3));
      const was = number === undefined ? undefined : run.generations.get(number);
      if (was !== undefined && !same(was, live)) return { words: ['rollback', String(number)], becomes: was };
      break;
    }
    default:
  }
  if (current === undefined || current <= version)
    return { words: ['install', archive], becomes: { ...live, [name]: version } };
  return { words: ['downgrade', '--force', archive], becomes: { ...live, [name]: version } };
}

/** The operator changes a configuration file, and looks. */
function edit(run: LongRun, name: string): Step {
  const file = path.join(run.place.root, 'current/etc', name, 'main.conf');
  if (fs.existsSync(file)) {
    const port = pick(run, 9000);
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/port = \d+/, `port = ${port}`));
    run.ports.set(name, port);
  }
  return { words: ['status'], becomes: null };
}

async function killed(run: LongRun, words: readonly string[]): Promise<Run> {
  const { child, end } = startProgram(run.place.program, words, watched(run.place));
  await Promise.race([pause(pick(run, 900)), end]);
  child.kill('SIGKILL');
  return end;
}

/** Success means new, failure means old; whoever was killed may be either, and the model learns which. */
function judgeEnd(run: LongRun, { becomes }: Step, ended: Run): readonly string[] {
  const found = Object.fromEntries(examineRoot(run.place.root).bundles.map((bundle) => bundle.split(' ')));
  const before = run.live;
  const after = becomes ?? before;
  run.live = found;
  if (ended.signal === null && ended.exit !== 0) return [`ended with ${ended.exit}: ${ended.stdout}${ended.stderr}`];
  if (same(found, after) || (ended.signal !== null && same(found, before))) return [];
  return [`live is ${JSON.stringify(found)}, not ${JSON.stringify(after)}`];
}

/** What the operator wrote stands in what is live, whatever went up, down, away and back since. */
function judgeEdits({ place, live, ports }: LongRun): readonly string[] {
  const { etc } = examineRoot(place.root);
  return [...ports].flatMap(([name, port]) => {
    const text = etc[`${name}/main.conf`] ?? '';
    return live[name] === undefined || text.includes(`port = ${port}\n`) ? [] : [`${name} lost port ${port}: ${text}`];
  });
}

/** Nothing is left to recover, and of everything else no more than kept generations need. */
async function judgeRecovered({ place }: LongRun): Promise<readonly string[]> {
  const recovery = await runHere(['--root', place.root, 'recover']);
  const isWhole = recovery.exit === 0 && recovery.stderr.includes('nothing to recover');
  return [...(isWhole ? [] : [`recover: ${recovery.stderr}`]), ...(await judgeRest(place))];
}

/** The generations on disk, newest first. */
function kept({ place }: LongRun): readonly number[] {
  return below(path.join(place.root, 'generations'))
    .map(Number)
    .toSorted((a, b) => b - a);
}

/** Names that do not begin with a dot. */
function below(folder: string): readonly string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
}

function without(live: Live, name: string): Live {
  return Object.fromEntries(Object.entries(live).filter(([other]) => other !== name));
}

function same(a: Live, b: Live): boolean {
  const text = (live: Live): string => JSON.stringify(Object.entries(live).toSorted());
  return text(a) === text(b);
}

function pick({ random }: LongRun, choices: number): number {
  return Math.floor(random() * choices);
}
