import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { until } from '../support/pkg.ts';
import { behindNginx } from './nginx.ts';

describe('a service that is replaced behind nginx', () => {
  needs('nginx');

  test('loses no request on the way up and down, and long ones end on the old instance', async () => {
    const t = await behindNginx();
    const load = t.load();
    for (const version of ['2.0.0', '3.0.0']) {
      const slow = t.ask('/slow');
      const before = (await t.ask()).body;
      await t.ok('install', '-y', await t.web(version));
      expect((await t.ask()).body).toBe(version);
      expect(await slow).toMatchObject({ status: 200, body: before });
    }
    await t.ok('rollback', '-y');
    expect((await t.ask()).body).toBe('2.0.0');
    const { asked, failed } = await load.stop();
    expect(failed).toEqual([]);
    expect(asked).toBeGreaterThan(100);
    expect(fs.readdirSync(t.at('run'))).toEqual(['web.server.json']);
  });

  test('is not replaced twice in one change: that is refused, and goes version by version', async () => {
    const t = await behindNginx();
    const by = (from: string) => ({
      upgrade: { up: [{ from, steps: [{ replace: 'server' }] }], default: { up: 'restart' } },
    });
    const [second, third] = [await t.web('2.0.0', {}, {}, by('1.x')), await t.web('3.0.0', {}, {}, by('2.x'))];
    await t.ok('install', '-y', second);
    await t.ok('rollback', '-y');
    const refused = await t.pkg('install', '-y', third);
    expect(refused.exit).toBe(3);
    expect(refused.err).toContain('versions that replace web/server one after the other');
    expect((await t.ask()).body).toBe('1.0.0');
    for (const file of [second, third]) await t.ok('install', '-y', file);
    expect((await t.ask()).body).toBe('3.0.0');
  });

  test('says in its file where requests go, by number', async () => {
    const t = await behindNginx();
    const serverAt = (port: number) => `upstream web-server {\n  server 127.0.0.1:${port};\n}\n`;
    expect(fs.readFileSync(t.file, 'utf8')).toContain(serverAt(t.ports[0]));
    await t.ok('install', '-y', await t.web('2.0.0'));
    expect(fs.readFileSync(t.file, 'utf8')).toContain(serverAt(t.ports[1]));
  });

  test('serves as before when nginx does not accept its configuration', async () => {
    const t = await behindNginx();
    const before = fs.readFileSync(t.file, 'utf8');
    fs.writeFileSync(path.join(t.upstreams, 'other.conf'), 'upstream {');
    const load = t.load();
    const { exit, err } = await t.pkg('install', '-y', await t.web('2.0.0'));
    expect(exit).toBe(1);
    expect(err).toMatch(/cannot move the traffic of web\/server: nginx refuses: .*other\.conf/);
    expect(await load.stop()).toMatchObject({ failed: [] });
    expect(fs.readFileSync(t.file, 'utf8')).toBe(before);
    expect(await t.states()).toEqual(['web/server running']);
    expect((await t.ask()).body).toBe('1.0.0');
  });

  test('serves as before when requests never arrive at the new one', async () => {
    const t = await behindNginx();
    const load = t.load();
    const before = fs.readFileSync(t.file, 'utf8');
    const elsewhere = await t.web('2.0.0', {}, { upstream: 'nobody-uses-this' });
    const { exit, err } = await t.pkg('install', '-y', elsewhere);
    expect(exit).toBe(1);
    expect(err).toMatch(/nginx refuses: .*web-server/);
    expect(fs.readFileSync(t.file, 'utf8')).toBe(before);
    const strange = { arrives: { http: `http://127.0.0.1:${t.ports[0]}/`, body: '2.0.0', timeout: '1s' } };
    const unseen = await t.pkg('install', '-y', await t.web('3.0.0', {}, strange));
    expect(unseen.exit).toBe(1);
    expect(unseen.err).toContain('requests do not arrive: web/server is not ready after 1s');
    expect(await load.stop()).toMatchObject({ failed: [] });
    expect((await t.ask()).body).toBe('1.0.0');
  });

  test('serves as before when nginx is not running, and nginx finds it when it starts', async () => {
    const t = await behindNginx();
    await t.stop();
    const { exit, err } = await t.pkg('install', '-y', await t.web('2.0.0'));
    expect(exit).toBe(1);
    expect(err).toContain('cannot reload the nginx in front of web/server');
    expect(await t.installed()).toEqual(['web@1.0.0']);
    await t.start();
    expect((await t.ask()).body).toBe('1.0.0');
  });

  test('is found by an nginx that was started again while the old one drains', async () => {
    const t = await behindNginx();
    const held = t.ask('/never').then(
      ({ status }) => status,
      () => 'cut',
    );
    const upgrade = t.startPkg(['install', '-y', await t.web('2.0.0')]);
    await until(
      'the change is final',
      () => t.exists('transactions/2/journal.jsonl') && t.read('transactions/2/journal.jsonl').includes('"COMMIT"'),
    );
    await t.stop();
    await t.start();
    expect((await t.ask()).body).toBe('2.0.0');
    expect([await held, (await upgrade.ended).exit]).toEqual(['cut', 0]);
    expect([(await t.ask()).body, fs.readdirSync(t.at('run'))]).toEqual(['2.0.0', ['web.server.json']]);
  });

  test('says that it cut connections which outlast the drain', async () => {
    const t = await behindNginx();
    await t.ok('install', '-y', await t.web('2.0.0', {}, { drain: '100ms' }));
    const slow = t.ask('/never');
    const { err } = await t.ok('install', '-y', await t.web('3.0.0'));
    expect(err).toContain('the old instance of web/server is ended with 1 connection open after 100ms');
    expect((await slow).status).toBe(502);
  });
});
