import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { examineRoot, listTree } from '../../crash/examine-root.ts';
import { makeBundle } from '../../crash/make-bundle.ts';
import { leave, makePlace, restore, save, succeed } from '../../crash/place.ts';
import { runProgram } from '../../crash/program.ts';
import { ARCHIVES } from '../archives/index.ts';

test('the program refuses every hostile archive, and neither what is live nor what lies outside changes', async () => {
  const place = makePlace('archives');
  try {
    await succeed(place, 'install', await makeBundle(place, { name: 'perl', version: '1.0.0' }));
    save(place, 'before');
    const before = { state: examineRoot(place.root), outside: listTree(place.outside, false) };
    const wrong: string[] = [];
    for (const { title, verdict, make } of ARCHIVES) {
      const file = join(place.folder, 'hostile.tgz');
      writeFileSync(file, make());
      const run = await runProgram(place.program, ['--root', place.root, '--yes', '--json', 'install', file]);
      const expected = verdict === 'accepted' ? run.exit === 0 : run.exit === 6 && run.stdout.includes(`(${verdict})`);
      if (!expected) wrong.push(`${title}: exit ${run.exit ?? run.signal}, not ${verdict}: ${run.stderr}`);
      expect(listTree(place.outside, false), title).toEqual(before.outside);
      if (verdict === 'accepted') restore(place, 'before');
      else expect(examineRoot(place.root), title).toEqual(before.state);
    }
    expect(wrong).toEqual([]);
  } finally {
    leave(place);
  }
});
