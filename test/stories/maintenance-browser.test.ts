import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { until } from '../support/pkg.ts';
import { shownBy } from '../traffic/shown-by.ts';

describe('a visitor with a browser', () => {
  needs('nginx', 'chromium-headless-shell');

  test('sees when it is expected back, and once that time has passed that it takes longer', async () => {
    const t = await shownBy('nginx');
    /** The page as it stands when its script has run. */
    const see = async (): Promise<string> => {
      const profile = `--user-data-dir=${path.join(t.home, 'profile')}`;
      const words = ['--no-sandbox', '--disable-gpu', profile, '--timeout=5000', '--dump-dom', t.address];
      return (await execa('chromium-headless-shell', words, { env: { HOME: t.home } })).stdout;
    };
    await t.ok(
      'maintenance',
      'on',
      'web',
      '--until',
      '2099-01-01T12:20:00Z',
      '--message',
      'The search gets a new index.',
    );
    const before = await see();
    expect(before).toContain('The search gets a new index.');
    expect(before).toMatch(/<p id="planned">We expect to be back at <time[^>]*>12:20 GMT<\/time>/);
    expect(before).toContain('<p id="late" hidden="">');

    await t.ok('maintenance', 'on', 'web', '--until', '1s');
    await until('it takes longer', async () => (await see()).includes('<p id="planned" hidden="">'), 60);
    expect(await see()).toMatch(/<p id="late">It takes longer than planned/);
    await t.ok('maintenance', 'off', 'web');
    expect(await see()).toContain('1.0.0');
  });
});
