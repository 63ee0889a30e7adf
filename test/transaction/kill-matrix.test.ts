import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endOf, layOut, letters, look, recover, run, worldOf } from './small-world.ts';

const STEPS = 'abcdef xy';
const BEFORE_COMMIT = [...'abcdef'];
const CLEANING = [...'xy'];

let folder = '';

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-matrix-'));
  layOut(folder, letters(STEPS));
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

/** What goes wrong in the run, and how the world must look when recovery is through. */
const MATRIX: readonly (readonly [goesWrong: string, left: string])[] = [
  ...BEFORE_COMMIT.flatMap((step) => [
    [`${step} fails`, 'all old'] as const,
    [`f fails, ${step} fails to undo`, 'all old'] as const,
    [`dies in ${step}`, 'all old'] as const,
    [`dies after ${step}`, 'all old'] as const,
    [`f fails, dies in undo of ${step}`, 'all old'] as const,
    [`f fails, dies after undo of ${step}`, 'all old'] as const,
  ]),
  ...CLEANING.flatMap((step) => [
    [`${step} fails`, 'all new and swept'] as const,
    [`dies in ${step}`, 'all new and swept'] as const,
    [`dies after ${step}`, 'all new and swept'] as const,
  ]),
];

/** Where the recovery itself is cut short; the one after it must still come through. */
const SECOND_FAULTS = [
  '',
  ...BEFORE_COMMIT.flatMap((step) => [
    `dies in undo of ${step}`,
    `dies after undo of ${step}`,
    `${step} fails to undo`,
  ]),
  ...CLEANING.flatMap((step) => [`dies in ${step}`, `${step} fails`]),
];

/** Every eighth one, beginning elsewhere for each row: all of them in one test would take half a minute. */
const sample = (row: number) => SECOND_FAULTS.filter((_, n) => n % 8 === row % 8);

describe('whatever goes wrong, all is old or all is new after recovery', () => {
  test.each(MATRIX)('%s: %s, also when the recovery is cut short', async (goesWrong, left) => {
    for (const [n, secondFault] of sample(MATRIX.findIndex(([words]) => words === goesWrong)).entries()) {
      const place = path.join(folder, String(n));
      fs.mkdirSync(place);
      layOut(place, letters(STEPS));
      await ending(place, 'run', goesWrong);
      await ending(place, 'recover', secondFault);
      await ending(place, 'recover', '');
      expect(`${secondFault}: ${look(place, letters(STEPS))}`).toBe(`${secondFault}: ${left}`);
      expect(await ending(place, 'recover', '')).toBe('nothing');
      expect(look(place, letters(STEPS))).toBe(left);
    }
  });
});

function ending(place: string, verb: 'run' | 'recover', goesWrong: string): Promise<string> {
  const world = worldOf(place, goesWrong);
  return endOf(verb === 'run' ? run(world, letters(STEPS)) : recover(world), world);
}

describe('a program that is really killed', () => {
  const VICTIM = fileURLToPath(new URL('./victim.ts', import.meta.url));

  function victim(verb: 'run' | 'recover', goesWrong: string): string {
    const { signal, stdout, stderr } = spawnSync(process.execPath, [VICTIM, verb, folder, STEPS, goesWrong], {
      encoding: 'utf8',
    });
    return signal ?? `${stdout}${stderr}`;
  }

  test.each([
    ['dies before c', '', 'all old'],
    ['dies in a', 'dies in undo of a', 'all old'],
    ['dies in d', 'dies after undo of c', 'all old'],
    ['dies after f', 'dies in undo of b', 'all old'],
    ['e fails, dies in undo of c', 'dies in undo of a', 'all old'],
    ['dies in x', 'dies after y', 'all new and swept'],
  ])('%s; then %s: recovery makes it whole', (goesWrong, secondFault, left) => {
    expect(victim('run', goesWrong)).toBe('SIGKILL');
    if (secondFault !== '') expect(victim('recover', secondFault)).toBe('SIGKILL');
    expect(victim('recover', '')).toBe(left === 'all old' ? 'undone' : 'committed');
    expect(look(folder, letters(STEPS))).toBe(left);
    expect(victim('recover', '')).toBe('nothing');
  });
});
