import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { modPerlShop, refusalOf } from './mod-perl-world.ts';

const OLD = 'site 1.0.0 on mod_perl 1.26.0 on perl 5.6.1';
const NEW = 'site 1.0.0 on mod_perl 1.27.0 on perl 5.8.0';

describe('a live mod_perl server', () => {
  needs('root', 'apache2', '/usr/lib/apache2/modules/mod_perl.so', 'nginx', 'perl');

  test('perl and mod_perl are refused one by one and go up together, with one restart, and down again by force', async () => {
    const shop = await modPerlShop();
    const opened = await shop.open();
    expect(opened.err).not.toContain('warning');
    expect(await shop.page()).toBe(OLD);
    const [apache, nginx] = [await shop.pid('site'), await shop.pid('front')];
    const [perl = '', modPerl = ''] = await shop.newPair();

    for (const alone of [perl, modPerl]) {
      const refused = await shop.pkg('install', '--yes', '--json', alone);
      expect(refusalOf(refused)).toMatch(/^3 dependency: /);
      expect(refused.error.hint).toMatch(/perl-5\.8\.0\.tgz .*mod_perl|mod_perl.*perl/);
    }
    expect(await shop.pid('site')).toBe(apache);

    const { events } = await shop.ok('install', '--yes', '--json', perl, modPerl);
    const restarts = events.filter(({ kind }) => kind === 'restart-service');
    expect(new Set(restarts.map(({ n }) => n)).size).toBe(1);
    expect(await shop.page()).toBe(NEW);
    expect(await shop.libperl()).toBe('5.8.0');
    expect(await shop.pid('site')).not.toBe(apache);
    expect(await shop.pid('front')).toBe(nginx);

    const [oldPerl = '', oldModPerl = ''] = await shop.oldPair();
    expect(refusalOf(await shop.pkg('downgrade', '--yes', '--json', oldPerl, oldModPerl))).toMatch(/^3 /);
    await shop.ok('downgrade', '--yes', '--force', oldPerl, oldModPerl);
    expect(await shop.page()).toBe(OLD);
    expect(await shop.libperl()).toBe('5.6.1');
    expect(await shop.pid('front')).toBe(nginx);
  });

  test('a script and a static file change for those who saw them before, and change back', async () => {
    const shop = await modPerlShop();
    await shop.open();
    const first = await shop.style();
    expect(await shop.style(first)).toMatchObject({ status: 304 });

    await shop.ok('install', '--yes', await shop.make('site', '1.1.0'));
    expect(await shop.page()).toBe(OLD.replace('1.0.0', '1.1.0'));
    const second = await shop.style(first);
    expect(second).toMatchObject({ status: 200, text: '/* site 1.1.0 */' });

    await shop.ok('rollback', '--yes');
    expect(await shop.page()).toBe(OLD);
    expect(await shop.style(second)).toMatchObject({ status: 200, text: '/* site 1.0.0 */', tag: first.tag });
  });

  test('removed, it leaves no process and no port', async () => {
    const shop = await modPerlShop();
    await shop.open();
    expect(shop.leftovers()).not.toEqual([]);
    const refused = await shop.pkg('remove', '--all', '--yes', '--json');
    expect(refusalOf(refused)).toMatch(/^3 service-running: /);
    const removed = await shop.ok('remove', '--all', '--stop', '--yes');
    expect(removed.err).toContain('4 REMOVED\n');
    expect(shop.leftovers()).toEqual([]);
    for (const port of Object.values(shop.ports)) expect(await shop.isFree(port)).toBe(true);
  });
});
