import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { pageToDo, renameArchive } from '../support/page.ts';
import { BESIDE, BRACE, DIES, type Edit, modPerlShop, type Shop, seeksRedis, WARNS } from './mod-perl-world.ts';

describe('the page of the story', () => {
  needs('root', 'apache2', '/usr/lib/apache2/modules/mod_perl.so', 'nginx', 'perl', 'curl', 'redis-server');

  test('is what an operator sees who types what stands there, and at its end nothing is left', async () => {
    const shop = await modPerlShop();
    await buildAll(shop);
    const { FRONT, PORT, SPARE } = shop.ports;
    const page = pageToDo('stories/mod_perl.md', shop, {
      '/srv/shop': shop.root,
      '/srv/incoming': shop.home,
      8080: FRONT,
      8000: PORT,
      8001: SPARE,
      // Not today, whatever day it is.
      '* * sun': `* * ${(new Date().getUTCDay() + 3) % 7}`,
      '7.0.15': await redisVersion(),
    });
    while (page.left() > 0) {
      const { shown, happened } = await page.goesOn();
      expect.soft(happened).toBe(shown);
    }
    expect(shop.leftovers()).toEqual([]);
    for (const port of Object.values(shop.ports)) expect(await shop.isFree(port)).toBe(true);
  });
});

/** All that the page installs, where it is typed. */
async function buildAll(shop: Shop): Promise<void> {
  await shop.oldPair();
  await shop.newPair();
  await shop.make('mod_perl', '1.26.0+10', { perl: '>=5.6 <5.8' });
  await shop.make('front', '1.0.0');
  for (const version of ['1.0.0', '1.1.0']) await shop.make('site', version);
  await shop.make('site', '1.4.0', { edit: BESIDE });
  const bad: Readonly<Record<string, Edit>> = {
    brace: BRACE,
    'newer-database': seeksRedis(99),
    warns: WARNS,
    dies: DIES,
  };
  for (const [why, edit] of Object.entries(bad)) renameArchive(await shop.make('site', '1.2.0', { edit }), why);
  const folder = path.join(shop.home, 'mod_perl-1.26-10');
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'bundle.json'), '{\n  "name": "mod_perl",\n  "version": "1.26-10"\n}\n');
}

async function redisVersion(): Promise<string> {
  const { stdout } = await execa('redis-server', ['--version']);
  return /v=(\S+)/.exec(stdout)?.[1] ?? '';
}
