import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { timeAhead } from '../../src/operations/maintenance/time-ahead.ts';
import { minuteName, writePlanned } from '../../src/traffic/index.ts';
import { serviceBench } from '../operations/service-bench.ts';
import { needs } from '../support/needs.ts';
import { until, workbench } from '../support/pkg.ts';
import { shownBy } from './shown-by.ts';

describe.each(['nginx', 'haproxy'] as const)('maintenance behind %s', (proxy) => {
  needs(proxy);

  test('is a page with 503 and a time, seen with the next request, and gone with the next', async () => {
    const t = await shownBy(proxy);
    await t.ok('maintenance', 'on', 'web', '--until', '2099-01-01T12:20:00Z', '--message', 'New <index>');
    const { status, body, headers } = await t.ask();
    expect({ status, retryAfter: headers.get('retry-after'), type: headers.get('content-type') }).toEqual({
      status: 503,
      retryAfter: '120',
      type: 'text/html',
    });
    expect(body).toContain('12:20 GMT');
    expect(body).toContain('it takes longer than planned');
    expect(body).toContain('New &lt;index&gt;');
    const forPrograms = await t.ask('/elsewhere?a=1', 'application/json');
    expect(forPrograms.status).toBe(503);
    expect(JSON.parse(forPrograms.body)).toMatchObject({ status: 'maintenance', until: '2099-01-01T12:20:00.000Z' });
    await t.ok('maintenance', 'off', 'web');
    expect(await t.ask()).toMatchObject({ status: 200 });
    expect(t.exists('maintenance/web')).toBe(false);
  });

  test('of single paths leaves the others up, and each can be taken down by itself', async () => {
    const t = await shownBy(proxy);
    const seen = async () =>
      (await Promise.all(['/perl/search', '/perl', '/perl/', '/perl/other', '/'].map((where) => t.ask(where)))).map(
        ({ status }) => status,
      );
    await t.ok('maintenance', 'on', 'web', '--path', '/perl/search', '--path', '/perl');
    expect(await seen()).toEqual([503, 503, 200, 200, 200]);
    await t.ok('maintenance', 'off', 'web', '--path', '/perl/search');
    expect(await seen()).toEqual([200, 503, 200, 200, 200]);
    await t.ok('maintenance', 'on', 'web', '--path', '/perl/other');
    expect(await seen()).toEqual([200, 200, 200, 503, 200]);
    await t.ok('maintenance', 'off', 'web', '--path', '/perl/other');
    expect((await t.ok('maintenance', 'list', '--json')).json.maintenance).toEqual([]);
  });

  test('that an operator has put up outlasts an upgrade, and a proxy that is started again', async () => {
    const t = await shownBy(proxy);
    await t.ok('maintenance', 'on', 'web');
    await t.ok('install', '-y', await t.web('web', '2.0.0', { autostart: true }));
    expect((await t.ask()).status).toBe(503);
    await t.stop();
    await t.start();
    expect((await t.ask()).status).toBe(503);
  });

  test('that was planned begins by itself, for what it was planned for, and can be ended early', async () => {
    const t = await shownBy(proxy);
    // In the minute that it is, or in the next one.
    await t.ok('maintenance', 'on', 'web', '--path', '/perl', '--from', '1s', '--until', '40m', '--message', 'Sunday');
    await until('it has begun', async () => (await t.ask('/perl')).status === 503, 70);
    expect((await t.ask('/perl')).body).toContain('Sunday');
    expect(JSON.parse((await t.ask('/perl', 'application/json')).body)).toMatchObject({
      paths: ['/perl'],
      late: proxy === 'nginx' ? null : false,
    });
    expect((await t.ask('/')).status).toBe(200);
    await t.ok('maintenance', 'on', 'web', '--every', '0 0 * * *', '--for', '24h');
    expect((await t.ask('/')).status).toBe(503);
    await t.ok('maintenance', 'off', 'web', '--planned');
    expect([(await t.ask('/perl')).status, (await t.ask('/')).status]).toEqual([200, 200]);
    expect(t.exists('maintenance/web')).toBe(false);
  });
});

describe('maintenance that takes longer than planned', () => {
  needs('haproxy');

  test('is said to by a proxy that knows the time', async () => {
    const t = await shownBy('haproxy');
    await t.ok('maintenance', 'on', 'web', '--until', '1s');
    await until('the time has passed', async () =>
      (await t.ask()).body.includes('<p>It takes longer than planned.</p>'),
    );
    expect((await t.ask()).body).not.toContain('GMT');
    expect(JSON.parse((await t.ask('/', 'application/json')).body)).toMatchObject({ until: null, late: true });
    expect((await t.ok('maintenance', 'list')).out).toContain('longer than planned');
  });
});

describe('times to come', () => {
  const folder = (): string => path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-planned-')), 'maintenance', 'web');

  test('are a link for each minute, by the name that nginx gives it, and nothing is left of them', () => {
    const at = folder();
    const time = { from: '2026-11-22T02:58:00.000Z', until: '2026-11-22T03:01:00.000Z', message: null, paths: [] };
    writePlanned(at, [time]);
    const minutes = ['02:58', '02:59', '03:00'].map((minute) => minuteName(new Date(`2026-11-22T${minute}:00Z`)));
    expect(fs.readdirSync(path.join(at, 'planned'))).toEqual(minutes.toSorted());
    for (const minute of minutes) {
      expect(fs.existsSync(path.join(at, 'planned', minute, 'all'))).toBe(true);
      expect(fs.readFileSync(path.join(at, 'planned', minute, 'page.html'), 'utf8')).toContain('03:01 GMT');
    }
    writePlanned(at, []);
    expect(fs.existsSync(at)).toBe(false);
  });

  test('that come again are written ahead, renewed with every change, and told in the list', async () => {
    const t = await serviceBench();
    await t.ok('install', '-y', await t.web('web', '1.0.0'));
    await t.ok('maintenance', 'on', 'web', '--path', '/perl', '--every', '0 9 * * sun', '--for', '2h', '--zone', 'UTC');
    const { lines } = await t.ok('maintenance', 'list');
    const { planned } = (await t.ok('maintenance', 'list', '--json')).json;
    expect(planned.length).toBeGreaterThanOrEqual(13);
    expect(new Date(planned[0].from).getUTCDay()).toBe(0);
    expect(planned[0]).toMatchObject({ name: 'web', paths: ['/perl'], from: expect.stringContaining('T09:00') });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^web \/perl will be in maintenance from .* 09:00 GMT until .* 11:00 GMT, and again up to /,
    );
    await t.ok('maintenance', 'off', 'web');
    expect((await t.ok('maintenance', 'list')).lines).toHaveLength(1);
    await t.ok('maintenance', 'off', 'web', '--planned');
    expect(t.exists('maintenance')).toBe(false);
  });
});

test('the list and the status say what is down, for whom, until when and who ends it', async () => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('web', '1.0.0'), await t.bundle('db', '1.0.0'));
  await t.ok('maintenance', 'on', 'web', '--until', '2099-01-01T12:20Z', '--path', '/a');
  await t.ok('maintenance', 'on', 'db');
  expect((await t.ok('maintenance', 'list')).lines).toEqual([
    'db is in maintenance',
    'web /a is in maintenance until 12:20 GMT',
  ]);
  await t.ok('maintenance', 'on', 'web', '--path', '/b', '--every', '0 0 * * *', '--for', '24h');
  const said = (await t.ok('status')).lines.filter((line) => line.startsWith('maintenance'));
  expect(said).toEqual([
    'maintenance db; end it: pkg maintenance off db',
    expect.stringMatching(/^maintenance web \/a until 2099-01-01 \d\d:20; end it: pkg maintenance off web$/),
    expect.stringMatching(/^maintenance web \/b until [\d-]+ \d\d:\d\d; it ends by itself, as planned$/),
  ]);
  const { maintenance } = (await t.ok('maintenance', 'list', '--json')).json;
  expect((await t.ok('status', '--json')).json.maintenance).toEqual(maintenance);
  expect(maintenance).toHaveLength(3);
  const { json } = await t.ok('maintenance', 'off', '--planned', '--json');
  expect(json).toMatchObject({ event: 'result', outcome: 'committed', maintenance: [] });
  await t.ok('maintenance', 'on', 'web', '--dry-run');
  expect(t.exists('maintenance')).toBe(false);
});

test.each(['{', '{}', '[]', ''])('a mark that was damaged to %j is still one, and can be ended', async (text) => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
  await t.ok('maintenance', 'on', 'web', '--path', '/a');
  fs.writeFileSync(t.at('maintenance/web/mark.json'), text);
  expect((await t.ok('status')).lines).toContain('maintenance web; end it: pkg maintenance off web');
  await t.ok('maintenance', 'off', 'web');
  expect(t.exists('maintenance')).toBe(false);
});

test.each([
  ['planned.json', ['--from', '1h', '--until', '2h']],
  ['again.json', ['--every', '0 9 * * sun', '--for', '2h']],
])('nobody is to think that nothing is planned when %s was damaged', async (name, when) => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
  await t.ok('maintenance', 'on', 'web', ...when);
  fs.writeFileSync(t.at('maintenance/web', name), '{');
  expect((await t.ok('maintenance', 'list')).err).toContain(`what is planned for web was damaged in`);
  await t.ok('status');
  const links = fs.readdirSync(t.at('maintenance/web/planned'));
  const refused = await t.pkg('maintenance', 'on', 'web', '--every', '0 9 * * mon', '--for', '2h');
  expect(refused.err).toContain('forget it, and plan it again: pkg maintenance off web --planned');
  await t.ok('install', '-y', await t.bundle('other', '1.0.0'));
  expect(fs.readdirSync(t.at('maintenance/web/planned'))).toEqual(links);
  await t.ok('maintenance', 'off', 'web', '--planned');
  expect(t.exists('maintenance')).toBe(false);
});

const REFUSED = [
  [['on', 'wep'], 'did you mean: pkg maintenance on web'],
  [['on', 'web/nothing'], "no service 'web/nothing'"],
  [['on', 'web', '--until', '2020-01-01T00:00Z'], 'has passed already'],
  [['on', 'web', '--until', 'soon'], "'soon' is not a time"],
  [['on', 'web', '--path', '../etc'], 'is not the path of a page'],
  [['on', 'web', '--path', '/a/../../b'], 'is not the path of a page'],
  [['on', 'web', '--from', '1h'], '--from needs --until'],
  [['on', 'web', '--from', '2020-01-01T00:00Z', '--until', '1h'], 'has passed already'],
  [['on', 'web', '--from', '2h', '--until', '2020-01-01T00:00Z'], 'has passed already'],
  [['on', 'web', '--from', '2h', '--until', '500h'], 'cannot last longer than a week'],
  [['on', 'web', '--every', '0 9 * * sun'], '--every takes --for'],
  [['on', 'web', '--every', '0 9 * *', '--for', '2h'], 'is not minute, hour, day, month and weekday'],
  [['on', 'web', '--every', '0 9 * * sun', '--for', '2h', '--zone', 'Mars/Olympus'], "no time zone 'Mars/Olympus'"],
  [['on', 'web', '--for', '2h'], '--for and --zone belong to --every'],
  [['off', 'web', '--path', '/x', '--planned'], 'does not take --path'],
  [['off', 'web', '--path', 'x'], 'is not the path of a page'],
  [['proxy', 'apache', 'web'], "takes nginx or haproxy, not 'apache'"],
  [['proxy', 'nginx', 'wep'], 'did you mean: pkg maintenance proxy nginx web'],
] as const;

test('what cannot be meant is refused with a reason', async () => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
  for (const [words, message] of REFUSED) {
    const { exit, err } = await t.pkg('maintenance', ...words);
    expect({ words, exit: exit > 0, err }).toEqual({ words, exit: true, err: expect.stringContaining(message) });
  }
  expect(t.exists('maintenance')).toBe(false);
});

test('a time of the day is the next one, whenever it is asked for', () => {
  const now = new Date(2026, 2, 1, 12, 0);
  expect(timeAhead('12:20', now)).toBe(new Date(2026, 2, 1, 12, 20).toISOString());
  expect(timeAhead('06:00', now)).toBe(new Date(2026, 2, 2, 6, 0).toISOString());
  expect(timeAhead('30m', now)).toBe(new Date(2026, 2, 1, 12, 30).toISOString());
});
