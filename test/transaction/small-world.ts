import fs from 'node:fs';
import path from 'node:path';
import { bootId } from '../../src/system/index.ts';
import {
  commitTrial,
  giveUpTrial,
  type Handler,
  type Handlers,
  type Outcome,
  type Progress,
  type RecoveryOutcome,
  recoverTransaction,
  runTransaction,
} from '../../src/transaction/index.ts';

/**
 * A small world to break transactions in. Steps are letters. `set` turns the file of its letter from `old` to `new`
 * and needs its note to go back; `make` makes a folder with two files and may run twice; `lay` (a capital letter) does
 * the same for others to stand on; `sweep` (after COMMIT) removes what is swept. What goes wrong is told in words, separated by commas:
 *
 *   b fails            the do of b throws, half done
 *   b fails to undo    its undo throws
 *   b is unreadable    its note cannot be taken
 *   signal in b        SIGINT comes while b is being done
 *   dies before b      the program ends before anything about b is written down
 *   dies in b          b was announced, and is half done
 *   dies after b       b is done, and not yet written down
 *   dies in undo of b, dies after undo of b
 *
 * The trace says what was called: `a b! -b -a` = a done, b failed, b undone, a undone; `†` = died there.
 */
export type SmallStep = { readonly kind: 'set' | 'make' | 'lay' | 'sweep'; readonly name: string };

export type World = {
  readonly folder: string;
  readonly trace: string[];
  readonly goesWrong: readonly string[];
  /** How the program ends: for real in a child process, for a simulation by never going on. */
  readonly die: () => Promise<never>;
  /** Settles when it died. */
  readonly died: Promise<'died'>;
  readonly signal: () => void;
};

/** `abc xy`: steps a b c before COMMIT, x and y after it; every second one can run twice. */
export function letters(words: string): { readonly steps: readonly SmallStep[]; readonly commitAfter: number } {
  const [before = '', after = ''] = words.split(' ');
  const doing = [...before].map((name, n): SmallStep => ({ kind: kindOf(name, n), name }));
  return {
    steps: [...doing, ...[...after].map((name): SmallStep => ({ kind: 'sweep', name }))],
    commitAfter: before.length,
  };
}

function kindOf(name: string, n: number): SmallStep['kind'] {
  if (/[A-Z]/.test(name)) return 'lay';
  return n % 2 === 0 ? 'set' : 'make';
}

/** Everything as it was before: each letter's file is `old`, each thing to sweep is there. */
export function layOut(folder: string, { steps }: Pick<ReturnType<typeof letters>, 'steps'>): void {
  for (const { kind, name } of steps) {
    if (kind === 'set' || kind === 'sweep') fs.writeFileSync(path.join(folder, name), 'old');
  }
}

/** `all old`, `all new`, `all new and swept`, or what is where. */
export function look(folder: string, { steps, commitAfter }: ReturnType<typeof letters>): string {
  const answers = steps.map((step) => lookAt(folder, step));
  const doing = answers.slice(0, commitAfter);
  const swept = answers.slice(commitAfter);
  if (doing.every((answer) => answer === 'old') && swept.every((answer) => answer === 'old')) return 'all old';
  if (doing.some((answer) => answer !== 'new'))
    return answers.map((answer, n) => `${steps[n]?.name}:${answer}`).join(' ');
  return swept.every((answer) => answer === 'new') ? 'all new and swept' : 'all new';
}

function lookAt(folder: string, { kind, name }: SmallStep): string {
  const file = path.join(folder, name);
  if (kind === 'set') return fs.readFileSync(file, 'utf8');
  if (kind === 'sweep') return fs.existsSync(file) ? 'old' : 'new';
  if (!fs.existsSync(file)) return 'old';
  return fs.readdirSync(file).length === 2 ? 'new' : 'half';
}

/** Runs the transaction whose journal is `folder/journal`; never comes back when the world dies. */
export function run(
  world: World,
  { steps, commitAfter }: ReturnType<typeof letters>,
  options: {
    readonly bootId?: string;
    readonly trialFor?: number;
    readonly tell?: (progress: Progress<SmallStep>) => void;
  } = {},
): Promise<Outcome> {
  const interrupt: { requested: 'SIGINT' | null } = { requested: null };
  return runTransaction<SmallStep, World>({
    folder: path.join(world.folder, 'journal'),
    begin: {
      id: '7',
      command: 'pkg install',
      by: 'root',
      startedAt: '2026-03-04T12:00:00.000Z',
      programVersion: '1.0.0',
      bootId: options.bootId ?? bootId(),
    },
    steps,
    commitAfter,
    handlers,
    world: { ...world, signal: () => (interrupt.requested = 'SIGINT') },
    interrupt,
    trialFor: options.trialFor ?? null,
    tell: options.tell ?? (() => {}),
  });
}

/** Commits what is on trial, or gives it up. */
export function settle(world: World, how: 'commit' | 'give up'): Promise<Outcome> {
  const order = { folder: path.join(world.folder, 'journal'), handlers, world, tell: () => {} };
  return how === 'commit' ? commitTrial<SmallStep, World>(order) : giveUpTrial<SmallStep, World>(order, 'by hand');
}

export function recover(world: World): Promise<RecoveryOutcome> {
  const folder = path.join(world.folder, 'journal');
  return recoverTransaction<SmallStep, World>({ folder, handlers, world, tell: () => {} });
}

/** A world in `folder` where this goes wrong; death is simulated by never going on. */
export function worldOf(folder: string, goesWrong: string): World {
  const { promise: died, resolve } = Promise.withResolvers<'died'>();
  const die = () => {
    resolve('died');
    return new Promise<never>(() => {});
  };
  return { folder, trace: [], goesWrong: goesWrong.split(', '), die, died, signal: () => {} };
}

const read = (file: string) => fs.readFileSync(file, 'utf8');

const make: Handler<SmallStep, World> = {
  repeatable: true,
  do: (step, world) =>
    act(step, world, [
      () => fs.mkdirSync(path.join(world.folder, step.name, '1'), { recursive: true }),
      () => fs.mkdirSync(path.join(world.folder, step.name, '2')),
    ]),
  undo: (step, world) =>
    actBack(step, world, [
      () => fs.rmSync(path.join(world.folder, step.name, '1'), { recursive: true, force: true }),
      () => fs.rmSync(path.join(world.folder, step.name), { recursive: true, force: true }),
    ]),
};

export const handlers: Handlers<SmallStep, World> = {
  set: {
    repeatable: false,
    note: (step, world) => noteOf(step, world, () => ({ was: read(path.join(world.folder, step.name)) })),
    do: (step, world) =>
      act(step, world, [
        () => fs.writeFileSync(path.join(world.folder, step.name), 'half'),
        () => fs.writeFileSync(path.join(world.folder, step.name), 'new'),
      ]),
    undo: (step, world, note) =>
      actBack(step, world, [
        () => fs.writeFileSync(path.join(world.folder, step.name), 'half'),
        () => fs.writeFileSync(path.join(world.folder, step.name), (note as { was: string }).was),
      ]),
  },
  make,
  lay: { ...make, isGround: true },
  sweep: {
    repeatable: true,
    do: (step, world) =>
      act(step, world, [() => {}, () => fs.rmSync(path.join(world.folder, step.name), { force: true })]),
    undo: () => Promise.reject(new Error('what was swept cannot come back')),
  },
};

async function noteOf<T>({ name }: SmallStep, world: World, take: () => T): Promise<T> {
  if (world.goesWrong.includes(`${name} is unreadable`)) throw new Error(`${name} is unreadable`);
  if (world.goesWrong.includes(`dies before ${name}`)) return world.die();
  return take();
}

type Halves = readonly [() => void, () => void];

async function act({ name }: SmallStep, world: World, [first, second]: Halves): Promise<void> {
  const goesWrong = (what: string) => world.goesWrong.includes(what);
  first();
  if (goesWrong(`signal in ${name}`)) world.signal();
  if (goesWrong(`dies in ${name}`)) return dieAt(world, name);
  if (goesWrong(`${name} fails`)) {
    world.trace.push(`${name}!`);
    throw new Error(`${name} failed`);
  }
  second();
  if (goesWrong(`dies after ${name}`)) return dieAt(world, name);
  world.trace.push(name);
}

async function actBack({ name }: SmallStep, world: World, [first, second]: Halves): Promise<void> {
  const goesWrong = (what: string) => world.goesWrong.includes(what);
  first();
  if (goesWrong(`dies in undo of ${name}`)) return dieAt(world, `-${name}`);
  if (goesWrong(`${name} fails to undo`)) {
    world.trace.push(`-${name}!`);
    throw new Error(`${name} failed to undo`);
  }
  second();
  if (goesWrong(`dies after undo of ${name}`)) return dieAt(world, `-${name}`);
  world.trace.push(`-${name}`);
}

function dieAt(world: World, word: string): Promise<never> {
  world.trace.push(`${word}†`);
  return world.die();
}

/** How it ended: the kind of outcome, or `died`. */
export function endOf(ending: Promise<{ readonly kind: string }>, world: World): Promise<string> {
  return Promise.race([ending.then(({ kind }) => kind), world.died]);
}
