import { describe, expect, test } from 'vitest';
import { timeAhead } from '../../src/operations/trial/time-ahead.ts';
import { needs } from '../support/needs.ts';
import { workbench } from '../support/pkg.ts';
import { behindNginx } from './nginx.ts';

const SHOWN = `
    if (-f ROOT/maintenance/web/all) { return 503; }
    if (-f ROOT/maintenance/web/paths$uri.down) { return 503; }
    error_page 503 @down;
    location @down {
      root ROOT/maintenance/web;
      add_header Retry-After 120 always;
      set $page /page.html;
      if ($http_accept ~ application/json) { set $page /page.json; }
      try_files $page =503;
    }`;

describe('maintenance behind nginx', () => {
  needs('nginx');

  test('is a page with 503 and a time, seen with the next request, and gone with the next', async () => {
    const t = await behindNginx({ locations: SHOWN });
    await t.ok('maintenance', 'on', 'web', '--until', '2099-01-01T12:20:00Z', '--message', 'New <index>');
    const { status, body, headers } = await t.ask();
    expect({ status, retryAfter: headers.get('retry-after') }).toEqual({ status: 503, retryAfter: '120' });
    expect(body).toContain('12:20 GMT');
    expect(body).toContain('it takes longer than planned');
    expect(body).toContain('New &lt;index&gt;');
    expect(await t.ask('/elsewhere')).toMatchObject({ status: 503 });
    await t.ok('maintenance', 'off', 'web');
    expect(await t.ask()).toMatchObject({ status: 200, body: '1.0.0' });
    expect(t.exists('maintenance')).toBe(false);
  });

  test('of single paths leaves the others up', async () => {
    const t = await behindNginx({ locations: SHOWN });
    await t.ok('maintenance', 'on', 'web', '--path', '/perl/search', '--path', '/perl');
    const seen = await Promise.all(
      ['/perl/search', '/perl', '/perl/', '/perl/other', '/'].map((where) => t.ask(where)),
    );
    expect(seen.map(({ status }) => status)).toEqual([503, 503, 200, 200, 200]);
    await t.ok('maintenance', 'on', 'web', '--path', '/perl/other');
    expect((await t.ask('/perl/search')).status).toBe(200);
    expect((await t.ask('/perl/other')).status).toBe(503);
  });

  test('that an operator has put up outlasts an upgrade', async () => {
    const t = await behindNginx({ locations: SHOWN });
    await t.ok('maintenance', 'on', 'web');
    const down = { onUpgrade: 'restart', traffic: undefined, ready: { http: 'http://127.0.0.1:${port}/' } };
    await t.ok('install', '-y', await t.web('2.0.0', down));
    expect((await t.ask()).status).toBe(503);
  });
});

test('the list says what is down, for whom and until when', async () => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('web', '1.0.0'), await t.bundle('db', '1.0.0'));
  await t.ok('maintenance', 'on', 'web', '--until', '2099-01-01T12:20Z', '--path', '/a');
  await t.ok('maintenance', 'on', 'db');
  expect((await t.ok('maintenance', 'list')).lines).toEqual([
    'db is in maintenance',
    'web /a is in maintenance until 12:20 GMT',
  ]);
  const { json } = await t.ok('maintenance', 'off', '--json');
  expect(json).toMatchObject({ event: 'result', outcome: 'committed', maintenance: [] });
  await t.ok('maintenance', 'on', 'web', '--dry-run');
  expect(t.exists('maintenance')).toBe(false);
});

test.each([
  [['on', 'wep'], 'did you mean web'],
  [['on', 'web/nothing'], "no service 'web/nothing'"],
  [['on', 'web', '--until', '2020-01-01T00:00Z'], 'has passed already'],
  [['on', 'web', '--until', 'soon'], "'soon' is not a time"],
  [['on', 'web', '--path', '../etc'], 'is not the path of a page'],
  [['on', 'web', '--path', '/a/../../b'], 'is not the path of a page'],
])('maintenance %j is refused', async (words, message) => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
  const { exit, err } = await t.pkg('maintenance', ...words);
  expect(exit).toBeGreaterThan(0);
  expect(err).toContain(message);
  expect(t.exists('maintenance')).toBe(false);
});

test('a time of the day is the next one, whenever it is asked for', () => {
  const now = new Date(2026, 2, 1, 12, 0);
  expect(timeAhead('12:20', now)).toBe(new Date(2026, 2, 1, 12, 20).toISOString());
  expect(timeAhead('06:00', now)).toBe(new Date(2026, 2, 2, 6, 0).toISOString());
  expect(timeAhead('30m', now)).toBe(new Date(2026, 2, 1, 12, 30).toISOString());
});
