import { spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { examineRoot } from '../crash/examine-root.ts';
import { leave, makePlace, type Place } from '../crash/place.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';
import { letGo, makeWaitingBundle, startAndWait, untilHook } from './waiting-bundle.ts';

let place: Place;
let archive = '';

beforeEach(async () => {
  place = makePlace('terminal');
  archive = await makeWaitingBundle(place, 'slow');
});

afterEach(() => leave(place));

test('a lost connection (SIGHUP) does not stop a change', async () => {
  const { child, end } = await startAndWait(place, 'install', archive);
  for (let times = 0; times < 3; times++) child.kill('SIGHUP');
  letGo(place);
  expect((await end).exit).toBe(0);
  expect(examineRoot(place.root).generation).toBe(1);
});

test('nobody reading stdout and stderr any more does not stop a change', async () => {
  const { child, end } = await startAndWait(place, '--json', 'install', archive);
  child.stdout.destroy();
  child.stderr.destroy();
  letGo(place);
  expect((await end).exit).toBe(0);
  expect(examineRoot(place.root).generation).toBe(1);
});

test('a reader that wants one line only (head -1) does not stop a change', async () => {
  letGo(place);
  const command = `"$0" "$1" --root "$2" --yes --json install "$3" | head -1; exit "\${PIPESTATUS[0]}"`;
  const shell = spawn('bash', ['-c', command, process.execPath, place.program, place.root, archive], {
    stdio: 'ignore',
  });
  expect(await new Promise((resolve) => shell.once('exit', resolve))).toBe(0);
  expect(examineRoot(place.root).generation).toBe(1);
});

describe('a terminal that dies', () => {
  needs('script');

  test('does not stop a change', async () => {
    const words = [process.execPath, place.program, '--root', place.root, '--yes', 'install', archive];
    const terminal = spawn('script', ['-qfec', words.join(' '), '/dev/null'], { stdio: 'ignore' });
    await untilHook(place, 0);
    terminal.kill('SIGKILL');
    letGo(place);
    await until('the change is committed', () => examineRoot(place.root).generation === 1);
    expect(examineRoot(place.root).bundles).toEqual(['slow 1.0.0']);
  });
});
