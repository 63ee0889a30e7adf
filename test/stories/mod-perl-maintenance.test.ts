import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { until } from '../support/pkg.ts';
import { modPerlShop } from './mod-perl-world.ts';

const OLD = 'site 1.0.0 on mod_perl 1.26.0 on perl 5.6.1';
const ALL_DAY = ['--for', '24h', '--zone', 'UTC'];

describe('work that was planned', () => {
  needs('root', 'apache2', '/usr/lib/apache2/modules/mod_perl.so', 'nginx', 'perl');

  test('on a day of the week begins and ends by itself, and only for the path that it is about', async () => {
    const shop = await modPerlShop();
    await shop.open();
    const apache = await shop.pid('site');
    const today = new Date().getUTCDay();
    const path = ['--path', '/perl/release.pl'];
    await shop.ok('maintenance', 'on', 'site', ...path, '--every', `0 0 * * ${(today + 3) % 7}`, ...ALL_DAY);
    expect(await shop.page()).toBe(OLD);
    expect((await shop.ok('maintenance', 'list')).lines).toEqual([
      expect.stringMatching(
        /^site \/perl\/release\.pl will be in maintenance from .* 00:00 GMT until .*, and again up to /,
      ),
    ]);
    // Today, and tomorrow should this test run at midnight; nothing of pkg runs while visitors ask.
    const days = `${today},${(today + 1) % 7}`;
    await shop.ok(
      'maintenance',
      'on',
      'site',
      ...path,
      '--every',
      `0 0 * * ${days}`,
      ...ALL_DAY,
      '--message',
      'Sundays',
    );
    const { status, text } = await shop.visit();
    expect({ status, text }).toEqual({ status: 503, text: expect.stringMatching(/Sundays[^]*back at .*00:00 GMT/) });
    expect((await shop.visit('/static/site.css')).status).toBe(200);
    await shop.ok('maintenance', 'off', 'site');
    await until('it has ended early', async () => (await shop.page()) === OLD);
    expect(await shop.pid('site')).toBe(apache);
  });

  test('has Apache started in the way that was prepared for it, and back as it was', async () => {
    const shop = await modPerlShop();
    await shop.open();
    const direct = () =>
      fetch(`http://127.0.0.1:${shop.ports.PORT}/perl/release.pl`, { headers: { connection: 'close' } });
    await shop.ok('maintenance', 'on', 'site');
    const answer = await direct();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '120']);
    expect(await answer.text()).toContain('Please bear with us');
    expect((await shop.visit()).status).toBe(503);
    await shop.ok('maintenance', 'off', 'site');
    expect((await direct()).status).toBe(200);
    expect(await shop.page()).toBe(OLD);
    await shop.ok('remove', '--all', '--stop', '--yes');
    expect(shop.leftovers()).toEqual([]);
  });
});
