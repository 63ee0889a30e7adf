import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { examineRoot, listTree, type State } from '../crash/examine-root.ts';
import { makeBundle } from '../crash/make-bundle.ts';
import { effectsOf, leave, makePlace, type Place, restore, save } from '../crash/place.ts';
import { type Run, runProgram } from '../crash/program.ts';
import { readRows } from './dpkg-ends.ts';
import { foretell, ourCall, possibleCalls, STORIES, type Story, undoOf } from './same-story.ts';

const ROWS = readRows();

describe('the measured table', () => {
  test('holds 236 runs of dpkg, of which 167 end broken or mixed', () => {
    expect(ROWS).toHaveLength(236);
    expect(ROWS.filter(({ end }) => end === 'broken' || end === 'mixed')).toHaveLength(167);
    expect(new Set(ROWS.map(({ scenario }) => scenario))).toEqual(new Set(STORIES.map(({ scenario }) => scenario)));
  });
});

describe.concurrent('the faults that leave dpkg in between', () => {
  test.each(STORIES)(
    '$scenario: all is old or all is new, for each of them',
    async (story) => {
      const stage = await prepare(story);
      try {
        for (const faults of faultSets(story)) await expectWhole(stage, story, faults);
      } finally {
        leave(stage.place);
      }
    },
    1_800_000,
  );
});

type Stage = { readonly place: Place; readonly words: readonly string[]; readonly old: State; readonly fresh: State };

/** Rows that differ only in calls that never come here are one. Added: each call alone, and with an undo before it. */
function faultSets(story: Story): readonly ReadonlySet<string>[] {
  const possible = new Set(possibleCalls(story));
  const rows = ROWS.filter(({ scenario }) => scenario === story.scenario);
  const sets = rows.map(({ fails }) => fails.map((one) => ourCall(one, story)).filter((call) => possible.has(call)));
  const own = story.calls.flatMap((call, n) => [[call], [call, undoOf(story.calls[n >> 1] ?? call)]]);
  const distinct = new Map([...sets, ...own].map((set) => [[...new Set(set)].toSorted().join(), new Set(set)]));
  return [...distinct.values()];
}

async function prepare(story: Story): Promise<Stage> {
  const place = makePlace(`dpkg-${story.scenario}`);
  fs.mkdirSync(faultFolder(place));
  for (const name of story.bundles) await bundle(place, name);
  await story.before(place, (name) => archive(place, name));
  save(place, 'before');
  const old = examineRoot(place.root);
  const words = story.words.map((word) => (word in MANIFESTS ? archive(place, word) : word));
  const change = ['--root', place.root, '--yes', '--json', ...words];
  const clean = await runProgram(place.program, change);
  expect(clean.exit, clean.stdout).toBe(0);
  return { place, words: change, old, fresh: examineRoot(place.root) };
}

async function expectWhole(
  { place, words, old, fresh }: Stage,
  story: Story,
  faults: ReadonlySet<string>,
): Promise<void> {
  restore(place, 'before');
  const before = effectsOf(place).length;
  const tree = pathsOf(place);
  for (const call of faults) fs.writeFileSync(path.join(faultFolder(place), call.replaceAll(' ', '.')), '');
  const run = await runProgram(place.program, words);
  const told = foretell(story, faults);
  const what = `${story.scenario} with ${[...faults].join(' and ') || 'no fault'}`;
  expect({ what, calls: callsSince(place, before), exit: run.exit }, saidBy(run)).toEqual({ what, ...told });
  for (const call of faults) fs.rmSync(path.join(faultFolder(place), call.replaceAll(' ', '.')));
  if (told.exit === 5 || faults.size === 0) {
    const recovery = await runProgram(place.program, ['--root', place.root, 'recover']);
    expect(recovery.exit, `${what}: ${saidBy(recovery)}`).toBe(0);
  }
  expect(examineRoot(place.root), what).toEqual(told.exit === 0 ? fresh : old);
  if (told.exit !== 0) expect(pathsOf(place), what).toEqual(expect.arrayContaining([...tree]));
}

const MANIFESTS: Readonly<Record<string, Record<string, unknown>>> = {
  'a-1': {},
  'a-1+2': {},
  'a-2': {},
  'b-1': { conflicts: { a: '*' } },
  'c-1': { conflicts: { a: '*' }, replaces: { a: '*' } },
  'c2-1': { conflicts: { a: '*' }, replaces: { a: '*' } },
  'd-1': { depends: { a: '*' } },
  'e-1': { depends: { a: '*' } },
  'e-2': { depends: { a: '*' } },
  'o-1': { replaces: { a: '*' } },
};

async function bundle(place: Place, name: string): Promise<void> {
  const [word = '', version = ''] = name.split('-');
  const script = `[ ! -e "${faultFolder(place)}/${name}.\${0##*/}.$1" ]`;
  const manifest = { ...MANIFESTS[name], links: {} };
  await makeBundle(place, { name: word, version: fullVersion(version), manifest, script });
}

function archive(place: Place, name: string): string {
  const [word = '', version = ''] = name.split('-');
  return path.join(place.folder, 'archives', `${word}-${fullVersion(version)}.tgz`);
}

/** `1+2` -> `1.0.0+2` */
function fullVersion(short: string): string {
  const [number, rebuild] = short.split('+');
  return `${number}.0.0${rebuild === undefined ? '' : `+${rebuild}`}`;
}

/** The calls since then, as `a-2 preinstall upgrade`. */
function callsSince(place: Place, count: number): readonly string[] {
  return effectsOf(place)
    .slice(count)
    .map((line) => line.replace('.0.0', '').split(' ').slice(0, 3).join(' '));
}

function pathsOf({ root }: Place): readonly string[] {
  const outside = /^(transactions|lock)\b/;
  return listTree(root, false).filter((line) => !outside.test(line));
}

function faultFolder({ folder }: Place): string {
  return path.join(folder, 'faults');
}

function saidBy({ stdout, stderr }: Run): string {
  return `${stdout}${stderr}`;
}
