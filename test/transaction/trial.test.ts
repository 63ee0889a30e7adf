import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { journalFile, readJournal } from '../../src/transaction/index.ts';
import { formatRecord, type JournalRecord } from '../../src/transaction/journal-record.ts';
import { endOf, layOut, letters, look, recover, run, settle, worldOf } from './small-world.ts';

const PLAN = letters('Abcd xy');
const HOUR = 3_600_000;

let folder = '';

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-trial-'));
  layOut(folder, PLAN);
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

/** What is called and how it ends, when this is done and `goesWrong` goes wrong. */
async function ending(what: 'recover' | 'commit' | 'give up', goesWrong = ''): Promise<string> {
  const world = worldOf(folder, goesWrong);
  const end = await endOf(what === 'recover' ? recover(world) : settle(world, what), world);
  return [...world.trace, end].join(' ');
}

async function trying(trialFor = HOUR, goesWrong = ''): Promise<string> {
  const world = worldOf(folder, goesWrong);
  const end = await endOf(run(world, PLAN, { trialFor }), world);
  return [...world.trace, end].join(' ');
}

const left = () => look(folder, PLAN);
const journal = () => readJournal(path.join(folder, 'journal'));

/** Lets the journal say something else, as another boot or a torn write would. */
function rewrite(change: (record: JournalRecord) => readonly JournalRecord[]): void {
  const lines = journal().records.flatMap(change).map(formatRecord);
  fs.writeFileSync(journalFile(path.join(folder, 'journal')), lines.join(''));
}

describe('a change on trial', () => {
  test('is live, with nothing cleaned, and is left alone while it has time', async () => {
    expect(await trying()).toBe('A b c d trial');
    expect(left()).toBe('all new');
    expect(await ending('recover')).toBe('trial');
    expect(journal().state).toMatchObject({ kind: 'trial', touched: 3 });
  });

  test('is undone as always when a step fails', async () => {
    expect(await trying(HOUR, 'd fails')).toBe('A b c d! -d -c -b -A undone');
    expect(left()).toBe('all old');
  });

  test('becomes final by COMMIT, and is then cleaned', async () => {
    await trying();
    expect(await ending('commit')).toBe('x y committed');
    expect(left()).toBe('all new and swept');
    expect(await ending('recover')).toBe('nothing');
  });

  test('is taken back when it is given up', async () => {
    await trying();
    expect(await ending('give up')).toBe('-d -c -b -A undone');
    expect(left()).toBe('all old');
    expect(await ending('recover')).toBe('nothing');
  });

  test('is taken back when its time is over', async () => {
    await trying(0);
    expect(await ending('recover')).toBe('-d -c -b -A undone');
    expect(journal().records).toContainEqual(
      expect.objectContaining({ record: 'FAILED', code: 'trial-over', message: expect.stringContaining('time') }),
    );
  });

  test.each<[string, object]>([
    ['the machine was restarted', { bootId: 'another' }],
    ['the clock began again, as in a container that was restarted', { since: Number.MAX_SAFE_INTEGER }],
  ])('is taken back when %s', async (_, change) => {
    await trying();
    rewrite((record) => [record.record === 'TRIAL' ? { ...record, ...change } : record]);
    expect(await ending('recover')).toBe('-d -c -b -A undone');
    expect(left()).toBe('all old');
  });

  test('is taken back when the record of its beginning was lost', async () => {
    await trying();
    rewrite((record) => (record.record === 'TRIAL' ? [] : [record]));
    expect(await ending('recover')).toBe('-d -c -b -A undone');
  });
});

describe('the end of a trial, cut short', () => {
  test.each<[string, string]>([
    ['dies in x', 'x y committed'],
    ['dies after x', 'x y committed'],
    ['x fails', 'x committed'],
  ])('a commit where it %s is finished by recovery', async (goesWrong, rest) => {
    await trying();
    await ending('commit', goesWrong);
    expect(await ending('recover')).toBe(rest);
    expect(left()).toBe('all new and swept');
  });

  test.each(['dies in undo of d', 'dies after undo of d', 'c fails to undo', 'dies in undo of A'])(
    'a way back where it %s is finished by recovery, and is no trial any more',
    async (goesWrong) => {
      await trying();
      await ending('give up', goesWrong);
      expect(journal().state.kind).toBe('open');
      expect(await ending('recover')).toMatch(/undone$/);
      expect(left()).toBe('all old');
    },
  );
});

describe('nothing on trial', () => {
  test.each(['commit', 'give up'] as const)('refuses to %s', async (what) => {
    await expect(ending(what)).rejects.toMatchObject({ code: 'no-trial' });
    await trying();
    await ending('commit');
    await expect(ending(what)).rejects.toMatchObject({ code: 'no-trial' });
  });
});
