import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rewriteJournal, watchersOf } from '../support/trial.ts';
import { examineRoot } from './examine-root.ts';
import { callsOf } from './fault.ts';
import { judgeUndone } from './judge-look.ts';
import { makeBundle } from './make-bundle.ts';
import { effectsOf, leave, makePlace, type Place, restore, save, succeed } from './place.ts';
import { eventsOf, runProgram } from './program.ts';

let place: Place;
let install: readonly string[];
let effectsBefore = 0;

beforeAll(async () => {
  place = makePlace('crash-trial');
  await succeed(place, 'install', await makeBundle(place, { name: 'site', version: '1.0.0' }));
  install = ['install', '--try', '1h', await makeBundle(place, { name: 'site', version: '2.0.0' })];
  effectsBefore = effectsOf(place).length;
  save(place, 'before');
});

afterAll(() => leave(place));

/** The calls by which these words change files, when nothing goes wrong. */
async function callsIn(words: readonly string[]): Promise<readonly string[]> {
  await run(words, 0, '');
  return callsOf(place.log).map((call) => call.replace(`${place.root}/`, ''));
}

function run(words: readonly string[], at: number, what: string) {
  fs.rmSync(place.log, { force: true });
  const fault = { at, what, below: [place.root, place.outside], log: place.log };
  return runProgram(place.program, ['--root', place.root, '--yes', '--json', ...words], fault);
}

/** Everything is live, TRIAL is written, and there never came to be a watcher. */
async function killedAfterTrial(what = 'after'): Promise<void> {
  restore(place, 'before');
  const calls = await callsIn(install);
  await succeed(place, 'rollback');
  restore(place, 'before');
  const record = calls.findLastIndex((call) => call.startsWith('write transactions/2/journal'));
  expect((await run(install, record + 1, what)).signal).toBe('SIGKILL');
  expect(watchersOf(place.root)).toEqual([]);
}

const versions = () => examineRoot(place.root).bundles;

describe('killed between TRIAL and the start of the watcher', () => {
  test('it is a trial all the same, and pkg commit keeps it', async () => {
    await killedAfterTrial();
    await succeed(place, 'recover');
    expect(versions()).toEqual(['site 2.0.0']);
    await succeed(place, 'commit');
    expect(versions()).toEqual(['site 2.0.0']);
  });

  test('the first command after its time goes back', async () => {
    await killedAfterTrial();
    rewriteJournal(`${place.root}/transactions/2`, (record) =>
      record.record === 'TRIAL' ? { ...record, until: 0 } : record,
    );
    await succeed(place, 'recover');
    expect(versions()).toEqual(['site 1.0.0']);
    expect(judgeUndone(effectsOf(place).slice(effectsBefore))).toEqual([]);
  });

  test('a torn TRIAL is none: recovery goes back', async () => {
    await killedAfterTrial('torn');
    await succeed(place, 'recover');
    expect(versions()).toEqual(['site 1.0.0']);
  });
});

describe('killed at any call of', () => {
  test('pkg commit: it is either still on trial, or kept', async () => {
    await killedAfterTrial();
    save(place, 'trial');
    const calls = await callsIn(['commit']);
    const ends = [];
    for (const at of calls.keys()) {
      restore(place, 'trial');
      await run(['commit'], at + 1, 'before');
      const recovered = await succeed(place, 'recover');
      const isOnTrial = eventsOf(recovered).at(-1)?.['trial'] !== null;
      ends.push(isOnTrial ? 'trial' : 'kept');
      if (isOnTrial) await succeed(place, 'commit');
      expect(versions()).toEqual(['site 2.0.0']);
    }
    // First the one, then the other, with nothing between.
    expect(ends.join(' ')).toMatch(/^(trial )+(kept ?)+$/);
  });

  test('the way back: it is either still on trial, or undone', async () => {
    await killedAfterTrial();
    save(place, 'trial');
    const calls = await callsIn(['rollback']);
    const ends = [];
    for (const at of calls.keys()) {
      restore(place, 'trial');
      await run(['rollback'], at + 1, at % 2 === 0 ? 'before' : 'after');
      const recovered = await succeed(place, 'recover');
      const isOnTrial = eventsOf(recovered).at(-1)?.['trial'] !== null;
      ends.push(isOnTrial ? 'trial' : 'undone');
      expect(versions()).toEqual([isOnTrial ? 'site 2.0.0' : 'site 1.0.0']);
      expect(isOnTrial ? [] : judgeUndone(effectsOf(place).slice(effectsBefore))).toEqual([]);
    }
    expect(ends.join(' ')).toMatch(/^(trial )+(undone ?)+$/);
  });
});
