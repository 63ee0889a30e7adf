import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type JournalRecord, readJournal, resume, stateOf } from '../../src/transaction/index.ts';
import { endOf, layOut, letters, look, recover, run, worldOf } from './small-world.ts';

let folder = '';
const journal = () => path.join(folder, 'journal');
const file = () => path.join(folder, 'journal', 'journal.jsonl');

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-journal-'));
});

afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

/** Lets a transaction of these steps run until this goes wrong. */
async function ranInto(goesWrong: string, steps = 'abcd', boot?: string): Promise<string> {
  layOut(folder, letters(steps));
  const world = worldOf(folder, goesWrong);
  return endOf(run(world, letters(steps), boot === undefined ? {} : { bootId: boot }), world);
}

async function recovered(): Promise<{ readonly end: string; readonly trace: string }> {
  const world = worldOf(folder, '');
  const end = await endOf(recover(world), world);
  return { end, trace: world.trace.join(' ') };
}

const words = () =>
  readJournal(journal()).records.map((record) => `${record.record}${'n' in record ? ` ${record.n}` : ''}`);

describe('the journal', () => {
  test('tells the whole story in order, one line of JSON each', async () => {
    await ranInto('c fails');
    expect(words()).toEqual([
      'BEGIN',
      'INTENT 0',
      'DONE 0',
      'INTENT 1',
      'DONE 1',
      'INTENT 2',
      'FAILED 2',
      'UNDONE 2',
      'UNDONE 1',
      'UNDONE 0',
      'END',
    ]);
    const lines = fs
      .readFileSync(file(), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0].entry).toMatchObject({
      record: 'BEGIN',
      formatVersion: '1',
      command: 'pkg install',
      steps: letters('abcd').steps,
      commitAfter: 4,
    });
    expect(lines[1].entry).toMatchObject({ record: 'INTENT', n: 0, note: { was: 'old' } });
    expect(lines[6].entry).toMatchObject({ code: 'step-failed', message: 'step 2 (set) failed: c failed' });
    expect(lines.at(-1).entry).toMatchObject({ record: 'END', outcome: 'undone' });
  });

  test('of a committed transaction says what was cleaned up', async () => {
    await ranInto('', 'ab y');
    expect(words()).toEqual(['BEGIN', 'INTENT 0', 'DONE 0', 'INTENT 1', 'DONE 1', 'COMMIT', 'CLEANED 2', 'END']);
    expect(readJournal(journal()).state).toEqual({ kind: 'ended', outcome: 'committed' });
  });

  test('can be read only by its owner, and is found by grep while it is open', async () => {
    await ranInto('dies in b');
    expect(fs.statSync(journal()).mode & 0o777).toBe(0o700);
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600);
    expect(execFileSync('grep', ['-c', '"record":"INTENT"', file()], { encoding: 'utf8' })).toBe('2\n');
  });

  test('keeps a reserve while it is open, and gives it back at the end', async () => {
    await ranInto('dies in b');
    expect(fs.statSync(file()).size).toBeGreaterThanOrEqual(1 << 20);
    await recovered();
    expect(fs.statSync(file()).size).toBeLessThan(4096);
    expect(words().at(-1)).toBe('END');
  });

  test('exists once: a second transaction in the same folder is refused and leaves it alone', async () => {
    await ranInto('');
    const before = fs.readFileSync(file());
    await expect(ranInto('')).rejects.toThrow('EEXIST');
    expect(fs.readFileSync(file())).toEqual(before);
  });
});

describe('what must be on disk first', () => {
  /** What was done and synced by a transaction of these steps, in order. */
  async function orderOf(steps: string, goesWrong: string): Promise<readonly string[]> {
    const order: string[] = [];
    const { fsyncSync } = fs;
    vi.spyOn(fs, 'fsyncSync').mockImplementation((descriptor) => {
      fsyncSync(descriptor);
      const name = fs.readlinkSync(`/proc/self/fd/${descriptor}`);
      order.push(name === file() ? `synced ${words().at(-1)}` : `synced ${path.relative(folder, name) || 'parent'}`);
    });
    layOut(folder, letters(steps));
    const world = worldOf(folder, goesWrong);
    await endOf(run(world, letters(steps), { tell: ({ step, state }) => order.push(`${state} ${step.name}`) }), world);
    return order;
  }

  test('is the intent of a step that may not run twice, the note for an undo, and the commit', async () => {
    expect(await orderOf('ab y', '')).toEqual([
      'synced BEGIN',
      'synced journal',
      'synced parent',
      'doing a',
      'synced INTENT 0',
      'done a',
      'doing b',
      'done b',
      'synced COMMIT',
      'doing y',
      'done y',
      'synced END',
    ]);
  });

  test('is, where some of the cleaning failed, what was cleaned: the next change is not to find it undone', async () => {
    const order = await orderOf('a xyz', 'y fails');
    expect(order.slice(order.indexOf('synced COMMIT'))).toEqual([
      'synced COMMIT',
      'doing x',
      'done x',
      'doing y',
      'failed y',
      'doing z',
      'done z',
      'synced CLEANED 3',
    ]);
  });
});

describe('a journal after a crash', () => {
  test('without a readable beginning never began: nothing was touched', async () => {
    expect(readJournal(journal())).toEqual({ begin: null, records: [], state: { kind: 'never-begun' } });
    await ranInto('dies before a');
    fs.writeFileSync(file(), fs.readFileSync(file()).subarray(0, 50));
    expect(readJournal(journal()).state).toEqual({ kind: 'never-begun' });
    expect(await recovered()).toEqual({ end: 'nothing', trace: '' });
  });

  test('that is torn at any byte is read up to its last whole record, and recovered to all old', async () => {
    await ranInto('dies in d');
    const whole = fs.readFileSync(file(), 'utf8').trimEnd();
    for (let cut = whole.indexOf('\n') + 1; cut < whole.length; cut += 7) {
      fs.writeFileSync(file(), `${whole.slice(0, cut)}${' '.repeat(100)}`);
      const wholeLines = whole.slice(0, cut).split('\n').length - 1;
      expect(readJournal(journal()).records).toHaveLength(wholeLines);
    }
    fs.writeFileSync(file(), whole.slice(0, -3));
    expect(await recovered()).toEqual({ end: 'undone', trace: '-c -b -a' });
    expect(words().slice(-4)).toEqual(['UNDONE 2', 'UNDONE 1', 'UNDONE 0', 'END']);
  });

  test('counts no record in which a single byte changed', async () => {
    await ranInto('dies in d');
    const bytes = fs.readFileSync(file());
    const target = bytes.indexOf('"DONE","n":1');
    bytes.write('9', target + '"DONE","n":'.length);
    fs.writeFileSync(file(), bytes);
    expect(words()).toEqual(['BEGIN', 'INTENT 0', 'DONE 0', 'INTENT 1', 'INTENT 2', 'DONE 2', 'INTENT 3']);
  });

  test('is committed by its COMMIT even when an earlier record was lost', async () => {
    await ranInto('dies in y', 'ab y');
    const text = fs.readFileSync(file(), 'utf8').replace('"record":"DONE","n":1', '"record":"DONE","n":7');
    fs.writeFileSync(file(), text);
    expect(readJournal(journal()).state).toEqual({ kind: 'committed', cleaned: new Set() });
    expect(await recovered()).toEqual({ end: 'committed', trace: 'y' });
  });

  test('of an earlier boot may have lost records: steps that can run twice and may have been done are undone too', async () => {
    await ranInto('dies in d', 'abcdef', 'an earlier boot');
    // Nothing after the intent of c (which was synced) reached the disk.
    const lines = fs.readFileSync(file(), 'utf8').split('\n');
    const synced = lines.findIndex((line) => line.includes('"record":"INTENT","n":2'));
    fs.writeFileSync(file(), `${lines.slice(0, synced + 1).join('\n')}\n`);
    expect(await recovered()).toEqual({ end: 'undone', trace: '-d -c -b -a' });
    expect(look(folder, letters('abcdef'))).toBe('all old');
  });

  test('of a newer format is refused by name and left alone', async () => {
    await ranInto('dies in b');
    const { records } = readJournal(journal());
    const { formatRecord } = await import('../../src/transaction/journal-record.ts');
    const newer = { ...records[0], formatVersion: '2', programVersion: '3.1.4' } as JournalRecord;
    fs.writeFileSync(file(), formatRecord(newer));
    expect(() => readJournal(journal())).toThrow(
      expect.objectContaining({
        code: 'newer-format',
        message: expect.stringContaining('format 2, written by pkg 3.1.4'),
        hint: 'use pkg 3.1.4 or newer',
      }),
    );
    await expect(recover(worldOf(folder, ''))).rejects.toMatchObject({ code: 'newer-format' });
  });

  test('with a kind of step that this program does not know is not undone in part', async () => {
    await ranInto('dies in b');
    const { formatRecord } = await import('../../src/transaction/journal-record.ts');
    const { records } = readJournal(journal());
    const stranger = {
      ...records[0],
      steps: [
        { kind: 'set', name: 'a' },
        { kind: 'conjure', name: 'b' },
      ],
    } as JournalRecord;
    fs.writeFileSync(file(), [stranger, ...records.slice(1)].map(formatRecord).join(''));
    const world = worldOf(folder, '');
    await expect(recover(world)).rejects.toMatchObject({
      code: 'newer-format',
      message: expect.stringContaining("'conjure'"),
    });
    expect(world.trace).toEqual([]);
  });
});

const record = (entry: object) => ({ at: '', ...entry }) as JournalRecord;
const begin = { record: 'BEGIN', formatVersion: '1', steps: [], commitAfter: 3 };
const failed = { record: 'FAILED', n: 2, code: 'x', message: 'y' };
const trial = { record: 'TRIAL', since: 0, until: 1, bootId: 'x', wallUntil: '' };
const undoFailed = (n: number) => ({ record: 'UNDO-FAILED', n, code: 'x', message: 'y' });
const undone = (n: number) => ({ record: 'UNDONE', n });

describe('what is left to do', () => {
  test.each<[string, readonly object[], string]>([
    ['nothing, without a beginning', [], 'nothing'],
    ['nothing, when the beginning was lost', [{ record: 'DONE', n: 0 }], 'nothing'],
    ['the undo, once begun', [begin], 'undo'],
    ['the undo, when all is done but not committed', [begin, { record: 'DONE', n: 2 }], 'undo'],
    ['the cleaning, once committed', [begin, { record: 'COMMIT' }], 'clean'],
    ['nothing yet, while it is on trial', [begin, trial], 'wait'],
    ['the cleaning, once a trial was committed', [begin, trial, { record: 'COMMIT' }], 'clean'],
    ['the undo, once a trial is taken back', [begin, trial, { ...failed, n: null }], 'undo'],
    ['the undo, when the commit could not be made sure', [begin, { record: 'COMMIT' }, { ...failed, n: null }], 'undo'],
    ['nothing, once ended', [begin, failed, { record: 'END', outcome: 'undone' }], 'nothing'],
  ])('%s', (_, entries, answer) => {
    expect(resume(stateOf(entries.map(record)))).toBe(answer);
  });

  test.each<[string, readonly object[], readonly number[]]>([
    ['what was undone is not undone again', [undone(3), undone(2)], [3, 2]],
    ['what was undone below a failed undo is undone again', [undone(3), undoFailed(2), undone(1), undone(0)], [3]],
    ['until that one went well', [undone(3), undoFailed(2), undone(1), undone(2), undone(1)], [3, 2, 1]],
  ])('%s', (_, entries, expected) => {
    const state = stateOf([begin, failed, ...entries].map(record));
    expect(state.kind === 'open' && [...state.undone].toSorted()).toEqual(expected.toSorted());
  });
});
