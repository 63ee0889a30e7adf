import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { examineRoot, listTree } from '../../crash/examine-root.ts';
import { changedElsewhere, watched } from '../../crash/fault.ts';
import { judgeUndone } from '../../crash/judge-look.ts';
import { judgeRest } from '../../crash/judge-rest.ts';
import { makeBundle } from '../../crash/make-bundle.ts';
import { clearTemporary, effectsOf, leave, makePlace, type Place, restore, save } from '../../crash/place.ts';
import { runHere, runProgram, type Started, startOnFull, startProgram } from '../../crash/program.ts';
import { shellOver } from '../../stories/mod-perl-ssh.ts';
import { until } from '../../support/until.ts';
import { randomFrom } from '../random-from.ts';
import type { Ground } from './part.ts';

const LONGEST_MS = 1_500;

/** What may happen to a program from outside, after some milliseconds. */
const BLOWS: Readonly<Record<string, (started: Started) => void | Promise<void>>> = {
  ...Object.fromEntries(
    (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const).map((name) => [name, ({ child }) => void child.kill(name)]),
  ),
  'SIGINT-twice': async ({ child }) => {
    child.kill('SIGINT');
    // Two signals that are pending together are one.
    await pause(60);
    child.kill('SIGINT');
  },
  // Nobody reads any more.
  closed: ({ child }) => {
    child.stdout.destroy();
    child.stderr.destroy();
  },
  // What it says never fits anywhere, and then it is to stop.
  'full-SIGTERM': ({ child }) => void child.kill('SIGTERM'),
};

/** An install of three bundles with hooks, and a blow after some milliseconds. */
export async function prepareSignals(rounds: number): Promise<Ground> {
  const { place, words } = await prepareInstall('signals');
  return {
    points: moments(Object.keys(BLOWS), rounds),
    async judge(point) {
      const [blow = '', delay] = point.split(' ');
      restore(place, 'before');
      const start = blow.startsWith('full-') ? startOnFull : startProgram;
      const started = start(place.program, words, watched(place));
      await Promise.race([pause(Number(delay)), started.end]);
      await BLOWS[blow]?.(started);
      const { exit } = await started.end;
      // A second signal may end a hook that undoes: then it is said that there is something to recover.
      if (blow === 'SIGKILL' || (blow === 'SIGINT-twice' && exit === 5))
        await runProgram(place.program, ['--root', place.root, 'recover']);
      if (exit === null) clearTemporary(place);
      const isNew = examineRoot(place.root).generation !== null;
      // Before its first line of code, and after its last, the program has no say in what a signal does.
      const isTold = blow === 'SIGKILL' || exit === null || (exit === 0) === isNew;
      return [
        ...(isTold ? [] : [`ended with ${exit}, though ${isNew ? 'new' : 'old'}`]),
        ...changedElsewhere(place.log),
        ...(await judgeCalm(place)),
      ];
    },
    leave: () => leave(place),
  };
}

/** The same at the far end of an ssh connection that is cut. */
export async function prepareCuts(rounds: number): Promise<Ground> {
  const { place, words } = await prepareInstall('ssh');
  const shell = await shellOver(place.root, place.program);
  return {
    points: moments(['cut'], rounds),
    async judge(point) {
      restore(place, 'before');
      shell.type(...words.filter((word) => word !== '--root' && word !== place.root));
      await pause(Number(point.split(' ')[1]));
      await shell.cut().catch(() => {
        // The change was quicker than the cut.
      });
      // It goes on without its terminal.
      await until('the change has ended', () => !isRunning(place));
      return judgeCalm(place);
    },
    async leave() {
      await shell[Symbol.asyncDispose]();
      leave(place);
    },
  };
}

async function prepareInstall(name: string) {
  const place = makePlace(`faults-${name}`);
  const names = ['perl', 'mod_perl', 'site'];
  const make = (one: string) => makeBundle(place, { name: one, version: '1.0.0', script: 'sleep 0.05' });
  const archives = await Promise.all(names.map(make));
  save(place, 'before');
  return { place, words: ['--root', place.root, '--yes', 'install', ...archives] };
}

/** All of it or nothing, hooks undone, nothing to recover, nothing running. */
async function judgeCalm(place: Place): Promise<readonly string[]> {
  const { generation, bundles } = examineRoot(place.root);
  const links = listTree(place.outside, false).filter((line) => !line.startsWith('effects '));
  const recovery = await runHere(['--root', place.root, 'recover']);
  return [
    ...(generation === null || bundles.length === 3 ? [] : [`live is ${bundles.join()}`]),
    ...(generation === null ? judgeUndone(effectsOf(place)) : []),
    ...(links.length === bundles.length ? [] : [`outside: ${links.join()}`]),
    ...(recovery.stderr.includes('nothing to recover') ? [] : [`recover said: ${recovery.stderr}`]),
    ...(await judgeRest(place)),
  ];
}

function isRunning({ program }: Place): boolean {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.some((pid) => wordsOf(pid).includes(program));
}

function wordsOf(pid: string): readonly string[] {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function moments(kinds: readonly string[], rounds: number): readonly string[] {
  const random = randomFrom(7);
  const found = new Set<string>();
  while (found.size < rounds)
    found.add(`${kinds[found.size % kinds.length]} ${Math.floor(random() * LONGEST_MS * 10) / 10}`);
  return [...found];
}
