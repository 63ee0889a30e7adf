import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { serviceBench } from '../operations/service-bench.ts';
import { workbench } from '../support/pkg.ts';

describe('naming services', () => {
  test('a bundle, BUNDLE/SERVICE, or a service that only one bundle has', async () => {
    const t = await serviceBench();
    await t.ok('install', '-y', await t.web('db', '1.0.0'), await t.web('web', '1.0.0'));
    const named = async (...words: readonly string[]) => (await t.pkg('service', 'status', ...words)).lines.length;
    expect(await named()).toBe(2);
    expect(await named('--all')).toBe(2);
    expect(await named('db')).toBe(1);
    expect(await named('db/server', 'web')).toBe(2);
    const several = await t.pkg('service', 'status', 'server');
    expect(several.exit).toBe(2);
    expect(several.err).toContain("'server' means several services: db/server, web/server");
    const wrong = await t.pkg('service', 'status', 'wbe', '--json');
    expect(wrong.exit).toBe(1);
    expect(wrong.events).toMatchObject([
      { event: 'error', code: 'unknown-name', hint: 'did you mean: pkg service status web --json' },
    ]);
  });

  test('a change to one that is not there is refused, with a result as its last line', async () => {
    const t = await serviceBench();
    await t.ok('install', '-y', await t.web('db', '1.0.0'));
    const ended = await t.pkg('service', 'stop', 'd', '--json');
    expect(ended.exit).toBe(3);
    expect(ended.error).toMatchObject({ code: 'not-installed' });
    expect(ended.json).toMatchObject({ event: 'result', outcome: 'refused' });
    expect((await t.pkg('service', 'stop')).exit).toBe(2);
  });

  test('a verb with a slip of the pen is named', async () => {
    const t = workbench();
    const ended = await t.pkg('service', 'strat', 'web');
    expect(ended.exit).toBe(2);
    expect(ended.err).toContain("unknown command 'service strat'\nhint: did you mean: pkg service start");
  });

  test('nothing is made where there is no root', async () => {
    const t = workbench();
    expect((await t.ok('service', 'status')).err).toContain('no services are installed');
    expect((await t.ok('service', 'start', '--all', '--boot')).exit).toBe(0);
    expect((await t.pkg('service', 'start', 'web')).exit).toBe(3);
    expect((await t.pkg('service', 'watch')).exit).toBe(3);
    expect(fs.existsSync(t.root)).toBe(false);
  });

  test('completion offers every word for a service', async () => {
    const t = await serviceBench();
    await t.ok('install', '-y', await t.web('web', '1.0.0'));
    const offered = async (...words: readonly string[]) =>
      (await t.ok('__complete', '--', ...words)).lines.map((line) => line.split('\t')[0]);
    expect(await offered('service', 'rest')).toEqual(['restart', ':4']);
    expect(await offered('service', 'stop', '')).toEqual(['web', 'web/server', 'server', ':4']);
    expect(await offered('logs', 'web/')).toEqual(['web/server', ':4']);
  });
});

describe('status', () => {
  test('tells of every service in the words of the contract', async () => {
    const t = await serviceBench();
    await t.ok('install', '-y', await t.web('web', '1.0.0'));
    const [stopped] = (await t.ok('status', '--json')).json.services;
    expect(stopped).toEqual({
      bundle: 'web',
      name: 'server',
      state: 'stopped',
      pid: null,
      runningVersion: null,
      installedVersion: '1.0.0',
      notLoaded: [],
      enabled: false,
      supervised: false,
      port: null,
      since: null,
    });
    await t.ok('service', 'start', 'web');
    const { pid } = await t.ask('web');
    const running = (await t.ok('service', 'status', 'web', '--json')).json.services;
    expect(running).toMatchObject([
      { state: 'running', pid, runningVersion: '1.0.0', port: await t.portOf('web'), supervised: false },
    ]);
    expect(Math.abs(Date.now() - Date.parse(running[0].since))).toBeLessThan(60_000);
    expect((await t.ok('status', '--json')).json.services).toEqual(running);
    expect((await t.ok('status')).lines).toContainEqual(
      expect.stringMatching(
        /^services {4}web\/server {2}running {2}1\.0\.0, pid \d+, port \d+, since .*, not supervised$/,
      ),
    );
  });

  test('one that died is dead until it is stopped or started', async () => {
    const t = await serviceBench();
    await t.ok('install', '-y', await t.web('web', '1.0.0'));
    await t.ok('service', 'start', 'web');
    await t.ask('web', '/die').catch(() => null);
    expect(await t.states()).toEqual(['web/server dead']);
    expect((await t.ok('service', 'stop', 'web')).err).toBe('web/server was dead; it counts as stopped\n');
    expect(await t.states()).toEqual(['web/server stopped']);
  });

  test('a damaged manifest hides no other news', async () => {
    const t = await serviceBench();
    await t.ok('install', '-y', await t.web('web', '1.0.0'));
    t.tamper('current/bundles/web/bundle.json', 'nonsense');
    const { json } = await t.ok('status', '--json');
    expect(json).toMatchObject({ generation: 1, services: [] });
  });
});

describe('the lock', () => {
  test('a hook cannot start services of its own root', async () => {
    const t = await serviceBench();
    await t.ok('install', '-y', await t.web('web', '1.0.0'));
    const ended = await t.run(['service', 'start', 'web'], { env: { PKG_TRANSACTION: '7' } });
    expect(ended.exit).toBe(3);
    expect(ended.err).toContain('a hook of transaction 7 cannot change');
  });
});
