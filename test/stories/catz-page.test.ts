import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { inhabitantsOf } from '../support/inhabitants.ts';
import { needs } from '../support/needs.ts';
import { pageToDo, renameArchive } from '../support/page.ts';
import { BESIDE, DIES, FEWER_TESTS, NO_PERL, seeksDataAfter, WARNS } from './catz-edits.ts';
import { type Catz, catzWorld, FIRST, loaded } from './catz-world.ts';

describe('the page of the story', () => {
  needs('hypnotoad', 'nginx', 'memcached', 'prove', 'curl');

  test('is what an operator sees who types what stands there, and at its end nothing is left', async () => {
    const t = await catzWorld();
    await buildAll(t);
    fs.writeFileSync(path.join(t.home, 'meta.txt'), `${FIRST}cat3 A cat\ncat1 Once more\n`);
    const { front, blue, green, cache } = t.ports;
    const names = { '/srv/catz': t.root, '/srv/incoming': t.home, 8080: front, 8081: blue, 8082: green, 11212: cache };
    const page = pageToDo('stories/catz.md', t, names);
    while (page.left() > 0) {
      if (page.next().includes('--boot')) await t.powerCut();
      const { shown, happened } = await page.goesOn();
      expect.soft(happened).toBe(shown);
    }
    expect(inhabitantsOf(t.root)).toEqual([]);
    for (const port of Object.values(t.ports)) expect(await t.answers(port)).toBe(false);
  });
});

/** All that the page installs, where it is typed. */
async function buildAll(t: Catz): Promise<void> {
  await t.bundle('cache', '1.6.18');
  await t.bundle('front', '1.0.0');
  for (const version of ['5.36.0', '5.36.0+2']) await t.bundle('perl', version);
  for (const version of ['9.31.0', '9.32.0']) await t.bundle('mojolicious', version);
  for (const version of ['20220716.1.0', '20220716.2.0', '20220716.5.0']) await loaded(t, version);
  for (const version of ['1.0.0', '1.1.0']) await t.bundle('catz', version);
  await t.bundle('catz', '1.3.0', BESIDE);
  await t.bundle('catz', '1.2.0', seeksDataAfter('20220716.2.0', BESIDE));
  await t.bundle('perl', '5.36.1', NO_PERL);
  const bad = { warns: WARNS, 'fewer-tests': FEWER_TESTS, dies: DIES };
  for (const [why, edits] of Object.entries(bad)) renameArchive(await t.bundle('catz', '1.1.1', edits), why);
}
