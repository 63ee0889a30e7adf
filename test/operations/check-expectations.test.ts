import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { snapshot, type Wish, workbench } from '../support/pkg.ts';

/** A bundle whose suite is this script, with what it expects. */
function suite(script: string, expected: object, more: object = {}): Wish {
  return {
    files: { 'bin/suite': `#!/bin/sh\n${script}\n` },
    checks: [{ name: 'suite', run: ['bin/suite'], expect: expected, ...more }],
  };
}

/** A suite that says it ran so many tests, as prove does. */
const ran = (tests: number, words = '') =>
  `${words}\necho 'Files=1, Tests=${tests}, 1 wallclock secs'; echo 'Result: PASS'`;

describe('a check that expects numbers', () => {
  test('lets a change pass that runs nearly as many tests as the last, and stops one that runs far fewer', async () => {
    const t = workbench();
    const expected = { tests: 'last-1%' };
    await t.ok('install', '-y', await t.bundle('web', '1.0.0', suite(ran(9400), expected)));
    await t.ok('install', '-y', await t.bundle('web', '2.0.0', suite(ran(9306), expected)));
    const before = snapshot(t.root);
    const { exit, err } = await t.pkg('install', '-y', await t.bundle('web', '3.0.0', suite(ran(400), expected)));
    expect(exit).toBe(7);
    expect(err).toContain(
      'check suite of web 3.0.0 ended well, but tests are 400, not last-1% (the last good run had 9306)',
    );
    expect(snapshot(t.root)).toEqual(before);
  });

  test('compares a version that was here before with its own runs', async () => {
    const t = workbench();
    const expected = { tests: 'last-1%' };
    const first = await t.bundle('web', '1.0.0', suite(ran(100), expected));
    await t.ok('install', '-y', first);
    await t.ok('install', '-y', await t.bundle('web', '2.0.0', suite(ran(200), expected)));
    await t.ok('downgrade', '-y', '--force', first);
    expect(await t.installed()).toEqual(['web@1.0.0']);
  });

  test('forgets the numbers of a change that was undone', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('web', '1.0.0', suite(ran(100), { tests: 'last-1%' })));
    const before = snapshot(t.root);
    const broken = { ...suite(ran(500), { tests: 'last-1%' }), hooks: { preinstall: '[ "$1" != upgrade ]' } };
    expect((await t.pkg('install', '-y', await t.bundle('web', '2.0.0', broken))).exit).toBe(1);
    expect(snapshot(t.root)).toEqual(before);
    await t.ok('install', '-y', await t.bundle('web', '3.0.0', suite(ran(100), { tests: 'last-1%' })));
  });

  test.each([
    ['prints nothing', 'exit 0', 'it printed no number of tests, neither as TAP nor as prove does'],
    ['warns', ran(10, "echo 'warning: old' >&2"), 'warnings are 1, not 0'],
    ['fails and ends with 0', "printf '1..2\\nok 1\\nnot ok 2\\n'", '1 of 2 tests failed'],
    ['crashes', 'kill -9 $$', 'was ended by SIGKILL'],
    ['hangs', 'exec sleep 600', 'did not end within 100ms'],
  ])('stops a change whose suite %s', async (what, script, message) => {
    const t = workbench();
    const timeout = what === 'hangs' ? '100ms' : '1m';
    const wish = suite(script, { tests: '>=2', warnings: 0 }, { timeout });
    const { exit, err } = await t.pkg('install', '-y', await t.bundle('web', '1.0.0', wish));
    expect(exit).toBe(7);
    expect(err).toContain(message);
    expect(fs.existsSync(t.at('checks'))).toBe(false);
  });

  test('is a mistake at build when nobody could understand it', async () => {
    const t = workbench();
    const { exit, err } = await t.pkg('build', t.source('web', '1.0.0', suite('', { tests: 'lots' })));
    expect(exit).toBe(2);
    expect(err).toContain('an expectation is a number, or as in ">=9000 | last-1%"');
  });
});

describe('prove', () => {
  needs('prove');

  test('is understood as it is', async () => {
    const t = workbench();
    const tap = (count: number) => `print "1..${count}\\n"; print "ok $_\\n" for 1..${count};\n`;
    const bundle = (version: string, counts: readonly number[]) =>
      t.bundle('web', version, {
        files: Object.fromEntries(counts.map((count, n) => [`t/${n}.t`, tap(count)])),
        checks: [{ name: 'suite', run: ['prove', '-r', 't'], expect: { tests: '>=30', warnings: 0 } }],
      });
    await t.ok('install', '-y', await bundle('1.0.0', [10, 20]));
    const { exit, err } = await t.pkg('install', '-y', await bundle('2.0.0', [10]));
    expect(exit).toBe(7);
    expect(err).toContain('tests are 10, not >=30 (the last good run had 30)');
  });
});
