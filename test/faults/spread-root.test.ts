import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { mountPoint } from '../../src/system/index.ts';
import { makeBundle } from '../crash/make-bundle.ts';
import { leave, makePlace, type Place, succeed } from '../crash/place.ts';
import { runProgram } from '../crash/program.ts';

const MEMORY = '/dev/shm';

test.skipIf(!fs.existsSync(MEMORY) || mountPoint(os.tmpdir()) === mountPoint(MEMORY))(
  'a root whose store lies on another file system is refused by name, and archives may lie there',
  async () => {
    const place = makePlace('spread');
    const [root, elsewhere] = [fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-spread-')), path.join(place.folder, 'else')];
    try {
      const archive = await makeBundle(place, { name: 'a', version: '1.0.0' });
      fs.mkdirSync(elsewhere);
      fs.symlinkSync(elsewhere, path.join(root, 'archives'));
      await succeed({ ...place, root }, 'install', archive);
      await expectRefusal({ ...place, root }, elsewhere);
    } finally {
      leave(place);
      leave({ ...place, folder: root });
    }
  },
);

async function expectRefusal({ root, program }: Place, elsewhere: string): Promise<void> {
  fs.renameSync(path.join(root, 'store'), path.join(root, '.store'));
  fs.symlinkSync(elsewhere, path.join(root, 'store'));
  const { exit, stderr } = await runProgram(program, ['--root', root, '--yes', 'remove', 'a']);
  expect(exit).toBe(3);
  expect(stderr).toContain(`${path.join(root, 'store')} lies on another file system`);
}
