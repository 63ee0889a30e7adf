import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readJournal } from '../../src/transaction/index.ts';
import { endOf, layOut, letters, look, recover, run, worldOf } from './small-world.ts';

let folder = '';
const journal = () => path.join(folder, 'journal');

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-transaction-'));
});

afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

describe('a transaction', () => {
  test('says which step failed and why', async () => {
    layOut(folder, letters('abc'));
    expect(await run(worldOf(folder, 'b fails'), letters('abc'))).toMatchObject({
      kind: 'undone',
      failed: { n: 1, error: { code: 'step-failed', message: 'step 1 (make) failed: b failed' } },
    });
  });

  test.each([['a', null]])(
    'interrupted in %s is undone and says so with the exit status of the signal',
    async (step, n) => {
      layOut(folder, letters('abc'));
      expect(await run(worldOf(folder, `signal in ${step}`), letters('abc'))).toMatchObject({
        kind: 'undone',
        failed: { n, error: { code: 'interrupted', exit: 130 } },
      });
    },
  );

  test('whose undo fails names every undo that failed and stays open', async () => {
    layOut(folder, letters('abc'));
    const outcome = await run(worldOf(folder, 'c fails, c fails to undo, a fails to undo'), letters('abc'));
    expect(outcome).toMatchObject({ kind: 'needs-recovery', failed: { n: 2 }, undoErrors: [{ n: 2 }, { n: 0 }] });
    expect(readJournal(journal()).state).toMatchObject({ kind: 'open', failed: { n: 2, code: 'step-failed' } });
    expect(await recover(worldOf(folder, ''))).toMatchObject({
      kind: 'undone',
      failed: { n: 2, error: { code: 'step-failed' } },
    });
    expect(look(folder, letters('abc'))).toBe('all old');
  });

  test('is not disturbed by a screen that dies', async () => {
    layOut(folder, letters('ab y'));
    const outcome = await run(worldOf(folder, ''), letters('ab y'), {
      tell: () => {
        throw new Error('EPIPE');
      },
    });
    expect(outcome).toEqual({ kind: 'committed', uncleaned: [] });
  });

  test('tells every step by its number of all', async () => {
    layOut(folder, letters('ab y'));
    const told: string[] = [];
    await run(worldOf(folder, 'b fails'), letters('ab y'), {
      tell: ({ n, of, state }) => told.push(`${n}/${of} ${state}`),
    });
    expect(told).toEqual([
      '0/3 doing',
      '0/3 done',
      '1/3 doing',
      '1/3 failed',
      '1/3 undoing',
      '1/3 undone',
      '0/3 undoing',
      '0/3 undone',
    ]);
  });

  test('that committed stays committed when cleaning up fails, and says what is left', async () => {
    layOut(folder, letters('ab xy'));
    expect(await run(worldOf(folder, 'x fails'), letters('ab xy'))).toMatchObject({
      kind: 'committed',
      uncleaned: [{ n: 2, error: { message: 'step 2 (sweep) failed: x failed' } }],
    });
    expect(look(folder, letters('ab xy'))).toBe('all new');
  });

  test('cut short says so when it is recovered', async () => {
    layOut(folder, letters('ab'));
    const world = worldOf(folder, 'dies in b');
    await endOf(run(world, letters('ab')), world);
    expect(await recover(worldOf(folder, ''))).toMatchObject({
      kind: 'undone',
      failed: { n: null, error: { code: 'open-transaction' } },
    });
  });
});

/** Lets the k-th write to the journal fail, and those after it as well if `forEver`. */
function breakJournal(call: 'writeSync' | 'fsyncSync', from: number, forEver: boolean): void {
  const original = fs[call] as (descriptor: number, ...rest: unknown[]) => number;
  let calls = 0;
  vi.spyOn(fs, call).mockImplementation((descriptor: number, ...rest: unknown[]) => {
    const isJournal = fs.readlinkSync(`/proc/self/fd/${descriptor}`).endsWith('journal.jsonl');
    if (isJournal) calls += 1;
    if (isJournal && (forEver ? calls >= from : calls === from)) throw new Error(`EIO: i/o error, ${call}`);
    return original(descriptor, ...rest);
  });
}

describe('a disk that gives up', () => {
  test('at the beginning is told by an error, and nothing was touched', async () => {
    layOut(folder, letters('ab'));
    breakJournal('fsyncSync', 1, true);
    const world = worldOf(folder, '');
    await expect(run(world, letters('ab'))).rejects.toMatchObject({
      code: 'system-failed',
      message: expect.stringContaining('EIO'),
    });
    expect(world.trace).toEqual([]);
    expect(fs.readdirSync(journal())).toEqual([]);
  });

  test('at every sync from the k-th on leaves all old or all new, after recovery at the latest', async () => {
    const plan = letters('abc y');
    for (let k = 2; k <= 5; k++) {
      fs.rmSync(journal(), { recursive: true, force: true });
      layOut(folder, plan);
      breakJournal('fsyncSync', k, true);
      const { kind } = await run(worldOf(folder, ''), plan);
      vi.restoreAllMocks();
      // k = 2, 3: the intents of a and c; 4: COMMIT; 5: END.
      expect(`${k} ${kind} ${look(folder, plan)}`).toBe(
        k < 5 ? `${k} needs-recovery all old` : '5 committed all new and swept',
      );
      await recover(worldOf(folder, ''));
      expect(look(folder, plan)).toBe(k < 5 ? 'all old' : 'all new and swept');
      expect(await recover(worldOf(folder, ''))).toEqual({ kind: 'nothing' });
    }
  });

  test('is not asked a second time to sync: it would call safe what is lost', async () => {
    const plan = letters('abc');
    layOut(folder, plan);
    breakJournal('fsyncSync', 2, false);
    const outcome = await run(worldOf(folder, ''), plan);
    expect(outcome).toMatchObject({
      kind: 'needs-recovery',
      undoErrors: [{ n: null, error: { code: 'system-failed' } }],
    });
    expect(readJournal(journal()).state.kind).toBe('open');
    expect(look(folder, plan)).toBe('all old');
  });

  test('at one write only does not keep the undo from being closed', async () => {
    const plan = letters('abc');
    layOut(folder, plan);
    // 1 and 2 the reserve, 3 BEGIN, 4 INTENT a, 5 DONE a, 6 INTENT b
    breakJournal('writeSync', 6, false);
    expect(await run(worldOf(folder, ''), plan)).toMatchObject({
      kind: 'undone',
      failed: { n: 1, error: { message: expect.stringContaining('EIO') } },
    });
    expect(look(folder, plan)).toBe('all old');
  });

  test('at every write from the k-th on is survived', async () => {
    const plan = letters('abc y');
    for (let k = 4; k <= 14; k++) {
      fs.rmSync(journal(), { recursive: true, force: true });
      layOut(folder, plan);
      breakJournal('writeSync', k, true);
      const { kind } = await run(worldOf(folder, ''), plan);
      vi.restoreAllMocks();
      await recover(worldOf(folder, ''));
      expect(`${k} ${look(folder, plan)}`).toBe(kind === 'committed' ? `${k} all new and swept` : `${k} all old`);
    }
  });
});

const small = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-small-disk-'));
const canMount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', small]).status === 0;
if (canMount) spawnSync('umount', [small]);
fs.rmdirSync(small);

describe.skipIf(!canMount)('on a full disk (needs root)', () => {
  test('the undo is written down to its end', async () => {
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder]).status).toBe(0);
    try {
      const plan = letters('abcdef');
      layOut(folder, plan);
      const world = worldOf(folder, 'f fails');
      const filler = fs.openSync(path.join(folder, 'filler'), 'w');
      const outcome = await run(world, plan, {
        tell: ({ step, state }) => {
          if (step.name === 'f' && state === 'doing') for (;;) fs.writeSync(filler, Buffer.alloc(4096));
          if (step.name === 'b' && state === 'undone')
            fs.writeFileSync(path.join(folder, 'fits'), Buffer.alloc(65_536));
        },
      });
      fs.closeSync(filler);
      expect(fs.statSync(path.join(folder, 'fits')).size).toBeLessThan(65_536);
      expect(outcome.kind).toBe('undone');
      expect(look(folder, plan)).toBe('all old');
    } finally {
      spawnSync('umount', [folder]);
    }
  });
});
