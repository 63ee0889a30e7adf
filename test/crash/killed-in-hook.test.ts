import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { examineRoot } from './examine-root.ts';
import { findHooks } from './find-hooks.ts';
import { judgeUndone } from './judge-look.ts';
import { makeBundle } from './make-bundle.ts';
import { effectsOf, leave, makePlace, type Place } from './place.ts';
import { runProgram, startProgram } from './program.ts';

let place: Place;

beforeEach(() => {
  place = makePlace('killed-in-hook');
});

afterEach(() => leave(place));

describe('killed while a hook runs', () => {
  test.each([
    ['with a child', 'sleep 300 & sleep 300'],
    ['with a child in a session of its own', 'setsid sleep 300 & sleep 300'],
    ['that does not listen to SIGTERM', "trap '' TERM; while :; do sleep 0.2; done"],
    ['with a child that gives itself a title', `perl -e '$0 = "x" x 9999; sleep 300' & sleep 300`],
  ])('%s, recovery ends it and undoes everything', async (_hook, script) => {
    // Only in the doing: its undo must be able to come to an end.
    const guarded = `case "$1" in install) ${script} ;; esac`;
    const archive = await makeBundle(place, { name: 'slow', version: '1.0.0', script: guarded });
    const { child, end } = startProgram(place.program, ['--root', place.root, '--yes', 'install', archive]);
    await until('the hook runs', () => effectsOf(place).length > 0 && findHooks(place.root).length > 1);
    child.kill('SIGKILL');
    await end;
    expect(findHooks(place.root)).not.toEqual([]);
    const recovery = await runProgram(place.program, ['--root', place.root, 'recover']);
    expect(recovery.exit, recovery.stderr).toBe(0);
    expect(findHooks(place.root)).toEqual([]);
    expect(examineRoot(place.root).generation).toBeNull();
    expect(judgeUndone(effectsOf(place))).toEqual([]);
  });

  test('the next change recovers first and then goes on', async () => {
    const script = `case "$1" in install) [ -e ${place.outside}/go ] || sleep 300 ;; esac`;
    const archive = await makeBundle(place, { name: 'slow', version: '1.0.0', script });
    const words = ['--root', place.root, '--yes', 'install', archive];
    const { child, end } = startProgram(place.program, words);
    await until('the hook runs', () => effectsOf(place).length > 0);
    child.kill('SIGKILL');
    await end;
    fs.writeFileSync(path.join(place.outside, 'go'), '');
    const again = await runProgram(place.program, words);
    expect(again.exit, again.stderr).toBe(0);
    expect(again.stderr).toContain('was undone first');
    expect(examineRoot(place.root).bundles).toEqual(['slow 1.0.0']);
    expect(findHooks(place.root)).toEqual([]);
  });
});
