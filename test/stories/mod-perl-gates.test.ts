import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { BRACE, DIES, type Edit, inFile, modPerlShop, refusalOf, seeksRedis, WARNS } from './mod-perl-world.ts';

const OLD = 'site 1.0.0 on mod_perl 1.26.0 on perl 5.6.1';

describe('a release that is not good', () => {
  needs('root', 'apache2', '/usr/lib/apache2/modules/mod_perl.so', 'nginx', 'perl', 'redis-server');

  test('is refused by perl -Tcw before the server is touched', async () => {
    const { shop, apache, tryRelease } = await openShop();
    const ended = await tryRelease(BRACE);
    expect(refusalOf(ended)).toMatch(/^1 hook-failed: .*Missing right curly/s);
    expect(await shop.pid('site')).toBe(apache);
  });

  test('is refused when the user of the server could not get at its files', async () => {
    const { shop, apache, tryRelease } = await openShop();
    fs.chmodSync(shop.at('store'), 0o700);
    const ended = await tryRelease();
    expect(refusalOf(ended)).toMatch(/^1 hook-failed: .*cannot be entered by www-data: \S+\/store is 0700/s);
    fs.chmodSync(shop.at('store'), 0o755);
    expect(await shop.pid('site')).toBe(apache);
  });

  test('that does not answer is undone, and kept for whoever looks for the reason', async () => {
    const { shop, tryRelease } = await openShop();
    const ended = await tryRelease(DIES);
    expect(refusalOf(ended)).toMatch(/^7 not-ready: site\/httpd is not ready after 2s: .*500/);
    expect(await shop.page()).toBe(OLD);
    expect(shop.errorLog()).toContain('no such table: prices at ');

    const analysis = ['--', 'perl', '-MSite', '-e', 'Site::releases()'];
    const analysed = await shop.pkg('exec', '--generation', '2', ...analysis);
    expect(analysed).toMatchObject({
      exit: 255,
      err: expect.stringMatching(/^no such table: prices at .*\/site\/1\.1\.0-/),
    });
    expect((await shop.ok('list', '--json')).json.generation).toBe(1);
  });

  test('that answers, but fills the error_log, is undone', async () => {
    const { shop, tryRelease } = await openShop();
    const ended = await tryRelease(WARNS);
    expect(refusalOf(ended)).toMatch(/^7 log-failed: .*Use of uninitialized value \$price .* line \d+/);
    expect(await shop.page()).toBe(OLD);
  });

  test('is refused on a machine whose database is older than the one it was tested with', async () => {
    const { shop, apache, tryRelease } = await openShop();
    const ended = await tryRelease(seeksRedis(99));
    expect(refusalOf(ended)).toMatch(/^3 host: site 1\.1\.0 needs redis >=99 on this machine, but it is \d/);
    expect(await shop.pid('site')).toBe(apache);
    await shop.ok('install', '--yes', await shop.make('site', '1.1.0', { edit: seeksRedis(6) }));
  });

  test('is fixed, and the fixed one goes up', async () => {
    const { shop, tryRelease } = await openShop();
    expect((await tryRelease(inFile('lib/Site.pm', '1;\n', '0;\n'))).exit).not.toBe(0);
    await shop.ok('install', '--yes', await shop.make('site', '1.1.0'));
    expect(await shop.page()).toBe(OLD.replace('1.0.0', '1.1.0'));
  });
});

async function openShop() {
  const shop = await modPerlShop();
  await shop.open();
  return {
    shop,
    apache: await shop.pid('site'),
    /** Installs 1.1.0 with `edit` in it. */
    async tryRelease(edit: Edit = (text) => text) {
      return shop.pkg('install', '--yes', '--json', await shop.make('site', '1.1.0', { edit }));
    },
  };
}
