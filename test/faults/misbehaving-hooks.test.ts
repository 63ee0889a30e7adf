import { expect, test } from 'vitest';
import { examineRoot } from '../crash/examine-root.ts';
import { leave, makePlace, succeed } from '../crash/place.ts';
import { runProgram } from '../crash/program.ts';
import { workbench } from '../support/pkg.ts';
import { commitMisdeed, installWith } from './commit-misdeed.ts';
import { FATAL, HARMLESS } from './misdeeds.ts';

// `npm run test:faults` tries all of them.
const SOME = Object.entries({ ...FATAL, ...HARMLESS }).filter((_, nth) => nth % 5 === 2);

test.each(SOME)('a hook that %s leaves nobody in the middle', async (_, misdeed) => {
  expect(await commitMisdeed(misdeed)).toEqual([]);
});

test('a hook whose interpreter is missing is named, and all is as before', async () => {
  const t = workbench();
  const files = { 'hooks/preinstall': '#!/no/such/interpreter\n' };
  const archive = await t.bundle('odd', '1.0.0', { hooks: { preinstall: '' }, files });
  const { exit, error } = await t.pkg('install', '-y', '--json', archive);
  expect(exit).not.toBe(0);
  expect(error.message).toContain('/no/such/interpreter');
  expect(await t.installed()).toEqual([]);
});

test('a hook that changes its own files in the store makes damage that is found and repaired', async () => {
  const place = makePlace('own-files');
  try {
    const lines = 'cd "$PKG_BUNDLE_DIR/lib"; chmod u+w . always.txt; echo other > always.txt';
    expect((await installWith(place, { lines })).exit).toBe(0);
    const found = await runProgram(place.program, ['--root', place.root, 'verify']);
    expect(found.exit).not.toBe(0);
    expect(found.stdout + found.stderr).toContain('always.txt');
    await succeed(place, 'verify', '--repair');
    expect(examineRoot(place.root).bundles).toEqual(['odd 1.0.0']);
  } finally {
    leave(place);
  }
});
