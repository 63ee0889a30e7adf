import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { examineRoot } from '../crash/examine-root.ts';
import { findHooks } from '../crash/find-hooks.ts';
import { judgeUndone } from '../crash/judge-look.ts';
import { makeBundle } from '../crash/make-bundle.ts';
import { effectsOf, leave, makePlace, type Place, restore, save } from '../crash/place.ts';
import { runProgram, startProgram } from '../crash/program.ts';
import { randomFrom } from './random-from.ts';
import { makeWaitingBundle, startAndWait } from './waiting-bundle.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

async function inPlace(name: string, work: (place: Place) => Promise<void>): Promise<void> {
  const place = makePlace(name);
  try {
    await work(place);
  } finally {
    leave(place);
  }
}

describe.concurrent('a signal at any moment of an install', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s undoes everything, or comes after the commit (seed in the message)',
    async (signal, code) => {
      await inPlace(`signal-${signal}`, async (place) => {
        const names = ['perl', 'mod_perl', 'site'];
        const archives = await Promise.all(
          names.map((name) => makeBundle(place, { name, version: '1.0.0', script: 'sleep 0.05' })),
        );
        save(place, 'before');
        const words = ['--root', place.root, '--yes', 'install', ...archives];
        const random = randomFrom(SEED);
        for (let round = 0; round < 20; round++) {
          restore(place, 'before');
          const delay = Math.floor(random() * 900);
          const { child, end } = startProgram(place.program, words);
          await Promise.race([pause(delay), end]);
          child.kill(signal);
          const run = await end;
          const what = `seed ${SEED}, round ${round}, ${signal} after ${delay} ms: ${run.stderr}`;
          const { generation } = examineRoot(place.root);
          // Before its first line of code, and after its last, the program has no say in what a signal does.
          if (generation === null) expect([code, null], what).toContain(run.exit);
          else expect([0, null], what).toContain(run.exit);
          if (generation !== null) expect(run.stderr, what).toContain('done: ');
          expect(generation === null ? judgeUndone(effectsOf(place)) : [], what).toEqual([]);
          const recovery = await runProgram(place.program, ['--root', place.root, 'recover']);
          expect(recovery.stderr, what).toContain('nothing to recover');
          expect(findHooks(place.root), what).toEqual([]);
        }
      });
    },
    1_800_000,
  );
});

describe('a hook that hangs', () => {
  test('is ended by the second SIGINT, and everything is undone', () =>
    inPlace('hanging-hook', async (place) => {
      const archive = await makeWaitingBundle(place, 'slow');
      const { child, end } = await startAndWait(place, 'install', archive);
      child.kill('SIGINT');
      // Two signals that are pending together are one.
      await pause(100);
      expect(child.exitCode).toBeNull();
      child.kill('SIGINT');
      const { exit, stderr } = await end;
      expect(exit, stderr).toBe(130);
      expect(examineRoot(place.root).generation).toBeNull();
      expect(judgeUndone(effectsOf(place))).toEqual([]);
      expect(findHooks(place.root)).toEqual([]);
      expect(fs.readdirSync(path.join(place.root, 'tmp'))).toEqual([]);
    }));
});
