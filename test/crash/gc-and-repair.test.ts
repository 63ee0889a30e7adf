import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { examineRoot, listTree } from './examine-root.ts';
import { callsOf } from './fault.ts';
import { makeBundle } from './make-bundle.ts';
import { leave, makePlace, type Place, restore, save, succeed } from './place.ts';
import { runProgram } from './program.ts';

let place: Place;

beforeEach(async () => {
  place = makePlace('keeping');
  for (const version of ['1.0.0', '2.0.0', '3.0.0']) {
    await succeed(place, 'install', await makeBundle(place, { name: 'perl', version }));
  }
});

afterEach(() => leave(place));

test('gc, killed at any call, takes nothing that is live, and the next one takes all the rest', async () => {
  expect(await killEverywhere(['gc', '--keep', '1'], { mayBeDamaged: false })).toEqual([]);
}, 1_800_000);

test('verify --repair, killed at any call, does no harm, and the next one finishes', async () => {
  damage(path.join(place.root, 'current/bundles/perl'));
  expect(await killEverywhere(['verify', '--repair'], { mayBeDamaged: true })).toEqual([]);
}, 1_800_000);

/** Kills the command at each call, recovers, runs it again to its end; answers where it did not come out as a clean run. */
async function killEverywhere(words: readonly string[], { mayBeDamaged }: { mayBeDamaged: boolean }) {
  save(place, 'before');
  const fault = { below: [place.root], log: place.log, what: 'before' };
  const all = ['--root', place.root, '--yes', ...words];
  const clean = await runProgram(place.program, all, { ...fault, at: 0 });
  expect(clean.exit, clean.stderr).toBe(0);
  const [state, paths] = [examineRoot(place.root), pathsOf(place)];
  const points = callsOf(place.log).flatMap((call, index) => (isWorthIt(call, index) ? [{ call, at: index + 1 }] : []));
  const failures: string[] = [];
  for (const { call, at } of points) {
    restore(place, 'before');
    // Calls are counted by the lines of the log.
    fs.rmSync(place.log);
    await runProgram(place.program, all, { ...fault, at });
    const runs = [await runProgram(place.program, ['--root', place.root, 'recover'])];
    const between = mayBeDamaged ? '' : whatIsWrong(place, state);
    runs.push(await runProgram(place.program, all));
    const failed = runs.filter(({ exit }) => exit !== 0).map(({ exit, stderr }) => `${exit} ${stderr}`);
    const extra = pathsOf(place).filter((name) => !paths.includes(name));
    const missing = paths.filter((name) => !pathsOf(place).includes(name));
    const wrong = [...failed, between, whatIsWrong(place, state), ...extra, ...missing].filter((text) => text !== '');
    if (wrong.length > 0) failures.push(`call ${at} (${call}): ${wrong.join('; ')}`);
  }
  return failures;
}

/** A kill at fsync is one before it, and emptying the trash is the same call over and over. */
function isWorthIt(call: string, index: number): boolean {
  return !call.startsWith('fsync ') && (!call.includes('/trash/') || index % 4 === 0);
}

/** Every kind of damage that can be repaired from the kept archive. */
function damage(bundle: string): void {
  for (const folder of ['', 'lib', 'lib/deep']) fs.chmodSync(path.join(bundle, folder), 0o755);
  fs.chmodSync(path.join(bundle, 'bin/perl'), 0o755);
  fs.writeFileSync(path.join(bundle, 'bin/perl'), 'changed');
  fs.rmSync(path.join(bundle, 'lib/deep'), { recursive: true });
  fs.rmSync(path.join(bundle, 'lib/link'));
  fs.rmSync(path.join(place.root, 'current/bin/perl'));
}

function whatIsWrong({ root }: Place, expected: unknown): string {
  try {
    const found = examineRoot(root);
    return JSON.stringify(found) === JSON.stringify(expected) ? '' : `found ${JSON.stringify(found)}`;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A repair may copy the same changed file aside twice. */
function pathsOf({ root }: Place): readonly string[] {
  return listTree(root, false)
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => !/^(transactions|lock)\b/.test(name));
}
