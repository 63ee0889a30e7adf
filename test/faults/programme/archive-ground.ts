import fs from 'node:fs';
import path from 'node:path';
import { examineRoot, listTree } from '../../crash/examine-root.ts';
import { changedElsewhere, startFresh } from '../../crash/fault.ts';
import { differences } from '../../crash/judge-look.ts';
import { judgeRest } from '../../crash/judge-rest.ts';
import { makeBundle } from '../../crash/make-bundle.ts';
import { leave, makePlace, type Place, restore, save, succeed } from '../../crash/place.ts';
import { type Run, startProgram } from '../../crash/program.ts';
import { ARCHIVES, type ArchiveCase } from '../archives/index.ts';
import { measured } from './measured.ts';
import type { Ground } from './part.ts';

const MEMORY = 600 << 20;
const SECONDS = 120;

/** Every hostile or odd archive, given to the program itself. */
export async function prepareArchives(): Promise<Ground> {
  const place = makePlace('faults-archives');
  await succeed(place, 'install', await makeBundle(place, { name: 'perl', version: '1.0.0' }));
  save(place, 'before');
  const cases = new Map(ARCHIVES.map((one) => [one.title, one]));
  return {
    points: [...cases.keys()],
    async judge(point) {
      const found = cases.get(point);
      return found === undefined ? ['no such archive'] : judgeArchive(found, place);
    },
    leave: () => leave(place),
  };
}

/** It gets its verdict in bounded time and memory, and not one call changes a file but below the root. */
async function judgeArchive({ verdict, make }: ArchiveCase, place: Place): Promise<readonly string[]> {
  restore(place, 'before');
  const file = path.join(place.folder, 'hostile.tgz');
  fs.writeFileSync(file, make());
  const before = treeOf(place);
  const words = ['--root', place.root, '--yes', '--json', 'install', file];
  const watched = { at: 0, what: '', below: [place.root], log: startFresh(place) };
  const { run, peak } = await measured(startProgram(place.program, words, watched), SECONDS);
  const isRight = verdict === 'accepted' ? isUsable(run) : run.exit === 6 && run.stdout.includes(`(${verdict})`);
  return [
    ...(isRight ? [] : [`not ${verdict}: ${told(run)}`]),
    ...(peak < MEMORY ? [] : [`it took ${peak} bytes of memory`]),
    ...changedElsewhere(place.log),
    ...(run.exit === 0 ? judgeInstalled(place) : differences('the stage', before, treeOf(place))),
    ...(await judgeRest(place)),
  ];
}

/** A link to nowhere is no fault of an archive; what is unpacked is looked at once more. */
function isUsable({ exit, stdout }: Run): boolean {
  return exit === 0 || (exit === 7 && stdout.includes('link'));
}

function judgeInstalled({ root }: Place): readonly string[] {
  const live = examineRoot(root).bundles.join();
  return live === 'demo 1.0.0,perl 1.0.0' ? [] : [`live is ${live}`];
}

/** Root and surroundings with times, but for the words in the lock and the folders that staging came to. */
function treeOf({ folder }: Place): readonly string[] {
  return listTree(path.join(folder, 'stage'), true).filter((line) => !/^root(\/lock|\/tmp|\/trash)? /.test(line));
}

function told({ exit, signal, stdout, stderr }: Run): string {
  return `${exit ?? signal} ${stdout.slice(0, 2000)}${stderr.slice(0, 2000)}`;
}
