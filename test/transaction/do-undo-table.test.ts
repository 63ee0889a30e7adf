import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endOf, layOut, letters, look, recover, run, worldOf } from './small-world.ts';

let folder = '';

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-table-'));
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

/**
 * The steps; what goes wrong in the run; what is called, in the run and after `|` in the recovery; how both end.
 * small-world.ts explains the words.
 */
type Row = readonly [steps: string, goesWrong: string, trace: string, ends: string, left: string];

async function expectRow([steps, goesWrong, trace, ends, left]: Row): Promise<void> {
  const plan = letters(steps);
  layOut(folder, plan);
  const first = worldOf(folder, goesWrong);
  const firstEnd = await endOf(run(first, plan), first);
  const second = worldOf(folder, '');
  const secondEnd = await endOf(recover(second), second);
  const called = `${first.trace.join(' ')} | ${second.trace.join(' ')}`.trim();
  expect({ trace: called, ends: `${firstEnd}, ${secondEnd}`, left: look(folder, plan) }).toEqual({ trace, ends, left });
}

// A transaction is one lane: all of its steps go forward, or all go back. Steps run one after another, so that
// nothing is "ready" while another still works; what others call a blocked task is here a step during which a signal
// comes. There is no retry: a step that wants a second try makes it itself, and one that throws has failed.
// Two answers differ from engines that keep a failed task as it is: the step that failed is undone itself, as it may
// have been half done; and an interrupted transaction goes back, not forward, since nobody is there to watch it.
describe('steps in order', () => {
  test.each<Row>([
    ['abcde', '', 'a b c d e |', 'committed, nothing', 'all new and swept'],
    ['abcde', 'dies in b', 'a b† | -b -a', 'died, undone', 'all old'],
    ['abcde', 'signal in a, dies in b', 'a -a |', 'undone, nothing', 'all old'],
    ['abcde', 'b fails', 'a b! -b -a |', 'undone, nothing', 'all old'],
    ['abcde', 'signal in b, b fails', 'a b! -b -a |', 'undone, nothing', 'all old'],
    ['abcde', 'a fails', 'a! -a |', 'undone, nothing', 'all old'],
    ['abcde', 'signal in a', 'a -a |', 'undone, nothing', 'all old'],
    ['abcde', 'signal in a, a fails', 'a! -a |', 'undone, nothing', 'all old'],
    ['abcde', 'd fails, c fails to undo', 'a b c d! -d -c! -b -a | -c -b -a', 'needs-recovery, undone', 'all old'],
    ['abcde', 'dies after c', 'a b c† | -c -b -a', 'died, undone', 'all old'],
    ['abcde', 'd fails, dies after undo of c', 'a b c d! -d -c† | -c -b -a', 'died, undone', 'all old'],
    ['abcde', 'e fails', 'a b c d e! -e -d -c -b -a |', 'undone, nothing', 'all old'],
    ['abcde', 'c is unreadable', 'a b -b -a |', 'undone, nothing', 'all old'],
  ])('%s: %s: %s', (...row) => expectRow(row));
});

// What others stand on stays as long as one of them could not be undone, because undoing it again will need it.
describe('ground', () => {
  test.each<Row>([
    ['Abc', 'c fails', 'A b c! -c -b -A |', 'undone, nothing', 'all old'],
    ['Abc', 'c fails, b fails to undo', 'A b c! -c -b! | -b -A', 'needs-recovery, undone', 'all old'],
    ['abCd', 'd fails, d fails to undo', 'a b C d! -d! -b -a | -d -C -b -a', 'needs-recovery, undone', 'all old'],
    ['Abc', 'c fails, A fails to undo', 'A b c! -c -b -A! | -A', 'needs-recovery, undone', 'all old'],
  ])('%s: %s: %s', (...row) => expectRow(row));
});

// Giving up in the middle. Where other engines abort some lanes and leave the rest to go on, here the place in the
// one lane decides what was done before and so goes back; the steps after it are never begun. What comes after
// COMMIT can no longer be given up.
describe('giving up', () => {
  test.each<Row>([
    ['ab', '', 'a b |', 'committed, nothing', 'all new and swept'],
    ['ab y', '', 'a b y |', 'committed, nothing', 'all new and swept'],
    ['ab', 'a is unreadable', '|', 'undone, nothing', 'all old'],
    ['abc', 'dies after b', 'a b† | -b -a', 'died, undone', 'all old'],
    ['abcdefgh', '', 'a b c d e f g h |', 'committed, nothing', 'all new and swept'],
    ['abcdefgh', 'signal in b', 'a b -b -a |', 'undone, nothing', 'all old'],
    ['abcdefgh', 'signal in c', 'a b c -c -b -a |', 'undone, nothing', 'all old'],
    ['abcdefgh', 'dies in b', 'a b† | -b -a', 'died, undone', 'all old'],
    ['abcdefgh', 'signal in e', 'a b c d e -e -d -c -b -a |', 'undone, nothing', 'all old'],
    ['abcdefgh', 'signal in c, signal in e', 'a b c -c -b -a |', 'undone, nothing', 'all old'],
    ['abcdefgh', 'signal in h', 'a b c d e f g h -h -g -f -e -d -c -b -a |', 'undone, nothing', 'all old'],
    ['abcdefgh yz', 'signal in y', 'a b c d e f g h y z |', 'committed, nothing', 'all new and swept'],
    ['abcdefgh', 'c fails', 'a b c! -c -b -a |', 'undone, nothing', 'all old'],
    ['abcdefgh', 'e fails', 'a b c d e! -e -d -c -b -a |', 'undone, nothing', 'all old'],
    ['abcdefgh', 'signal in c, c fails to undo', 'a b c -c! -b -a | -c -b -a', 'needs-recovery, undone', 'all old'],
    ['abcdefgh', 'a fails, signal in b', 'a! -a |', 'undone, nothing', 'all old'],
  ])('%s: %s: %s', (...row) => expectRow(row));
});

// What an end in the middle leaves, read again by the next run. Lanes that were complete stay done in other engines;
// here everything before COMMIT goes back. A step that waits for nothing but COMMIT counts as not committed.
describe('found again after an end in the middle', () => {
  test.each<Row>([
    ['ab', 'dies before a', '|', 'died, undone', 'all old'],
    ['ab', 'dies after b', 'a b† | -b -a', 'died, undone', 'all old'],
    ['ab yz', 'dies after z', 'a b y z† | z', 'died, committed', 'all new and swept'],
    ['ab', 'a fails, dies after undo of a', 'a! -a† | -a', 'died, undone', 'all old'],
    ['abcdefgh', 'dies before a', '|', 'died, undone', 'all old'],
    ['abcdefgh', 'dies before e', 'a b c d | -d -c -b -a', 'died, undone', 'all old'],
    ['abcdefgh', 'dies in h', 'a b c d e f g h† | -h -g -f -e -d -c -b -a', 'died, undone', 'all old'],
    ['abcdefgh', 'dies in a', 'a† | -a', 'died, undone', 'all old'],
    ['abcdefgh', 'dies in e', 'a b c d e† | -e -d -c -b -a', 'died, undone', 'all old'],
    ['abcdefgh', 'dies after e', 'a b c d e† | -e -d -c -b -a', 'died, undone', 'all old'],
    ['abcdefgh', 'dies before c', 'a b | -b -a', 'died, undone', 'all old'],
    ['abcdefgh', 'a is unreadable', '|', 'undone, nothing', 'all old'],
    ['abcdefgh', 'f fails, dies in undo of d', 'a b c d e f! -f -e -d† | -d -c -b -a', 'died, undone', 'all old'],
    ['abcdefgh', 'dies before g', 'a b c d e f | -f -e -d -c -b -a', 'died, undone', 'all old'],
    ['abcdefgh', 'dies after c', 'a b c† | -c -b -a', 'died, undone', 'all old'],
    ['abcdefgh yz', 'dies in y', 'a b c d e f g h y† | y z', 'died, committed', 'all new and swept'],
  ])('%s: %s: %s', (...row) => expectRow(row));
});

describe('cleaning after COMMIT', () => {
  test.each<Row>([
    ['ab xyz', 'y fails', 'a b x y! z | y', 'committed, committed', 'all new and swept'],
    ['ab xyz', 'dies after x', 'a b x† | x y z', 'died, committed', 'all new and swept'],
  ])('%s: %s: %s', (...row) => expectRow(row));
});
