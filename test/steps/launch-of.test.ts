import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BundleId, RunRecord, ServiceAt } from '../../src/model/index.ts';
import { launchOf } from '../../src/steps/index.ts';
import { stepWorld } from './step-world.ts';

const at = (bundle: BundleId, generation: number): ServiceAt => ({
  name: { bundle: bundle.name, service: 'server' },
  bundle,
  generation,
});

async function declared(service: object, manifest: object = {}) {
  const t = stepWorld();
  const web = await t.stage('web', '1.0.0', {
    files: { 'bin/server': '#!/bin/sh\n' },
    manifest: { ...manifest, services: { server: { start: ['bin/server'], ...service } } },
  });
  t.live(3, [web]);
  return { ...t, web, launch: (options: object = {}) => launchOf(t.layout, at(web, 3), { ...t.world, ...options }) };
}

describe('launchOf', () => {
  test('by default a service runs from folders that never change', async () => {
    const t = await declared({ env: { DATA: '${data}', HERE: '${bundle}' } });
    const folder = t.layout.bundle(t.web);
    expect(await t.launch()).toMatchObject({
      argv: [path.join(folder, 'bin/server')],
      bundleDir: folder,
      cwd: folder,
      generation: 3,
      env: {
        DATA: t.layout.dataOf('web'),
        HERE: folder,
        PKG_BUNDLE_DIR: folder,
        PKG_GENERATION: '3',
        PKG_SERVICE: 'web/server',
      },
      log: path.join(t.layout.root, 'log', 'web.server.log'),
      runFile: path.join(t.layout.root, 'run', 'web.server.json'),
    });
  });

  test('with `path: current` everything leads through the pointer', async () => {
    const t = await declared({ path: 'current', env: { CONFIG: '${etc}', ALL: '${generationDir}' } });
    const folder = path.join(t.layout.current, 'bundles', 'web');
    const launch = await t.launch();
    expect(launch).toMatchObject({
      argv: [path.join(folder, 'bin/server')],
      bundleDir: folder,
      env: { CONFIG: path.join(t.layout.current, 'etc', 'web'), ALL: t.layout.current },
    });
    expect(launch.env['PATH']).toMatch(new RegExp(`^${t.layout.current}/bin:/usr/local/sbin:`));
  });

  test('an exact service reads the configuration revision itself', async () => {
    const t = await declared({ env: { CONFIG: '${etc}' } });
    t.live(3, [t.web], { web: '2' });
    expect((await t.launch()).env).toMatchObject({
      CONFIG: t.layout.configRevision('web', '2'),
      PKG_CONFIG_DIR: t.layout.configRevision('web', '2'),
    });
  });

  test('nothing of the shell that called pkg, and no transaction, gets through', async () => {
    const t = await declared({});
    const { env } = await t.launch();
    const own = 'PKG_BUNDLE_DIR PKG_CONFIG_DIR PKG_DATA_DIR PKG_GENERATION PKG_NAME PKG_NODE PKG_ROOT PKG_SERVICE';
    expect(Object.keys(env).toSorted().join(' ')).toBe(`HOME LANG PATH ${own} PKG_VERSION TZ`);
  });

  test('a service of a user of its own is at home there', async () => {
    const t = await declared({ user: 'daemon' });
    expect((await t.launch()).env['HOME']).toBe('/usr/sbin');
  });

  test('variables of what it depends on come first, its own win', async () => {
    const t = stepWorld();
    const perl = await t.stage('perl', '5.8.0', { manifest: { env: { PERL5LIB: '${bundle}/lib', LEVEL: 'perl' } } });
    const mod = await t.stage('mod_perl', '1.27.0', {
      manifest: { depends: { perl: '*' }, provides: { handler: '1.0.0' }, env: { MOD: '${bundle}', LEVEL: 'mod' } },
    });
    const web = await t.stage('web', '1.0.0', {
      manifest: {
        depends: { handler: '*' },
        env: { LEVEL: 'web' },
        services: { server: { start: ['env'], env: { LEVEL: 'service' } } },
      },
    });
    t.live(1, [web, mod, perl]);
    expect((await launchOf(t.layout, at(web, 1), t.world)).env).toMatchObject({
      PERL5LIB: `${t.layout.bundle(perl)}/lib`,
      MOD: t.layout.bundle(mod),
      LEVEL: 'service',
    });
  });

  test('a bare name is looked up where the service would look', async () => {
    const t = await declared({ start: ['sh', '-c', 'sleep 1'] });
    expect((await t.launch()).argv).toEqual([expect.stringMatching(/^\/(usr\/)?bin\/sh$/), '-c', 'sleep 1']);
    const bin = path.join(t.layout.generation(3), 'bin');
    fs.writeFileSync(path.join(bin, 'sh'), '#!/bin/true\n', { mode: 0o755 });
    expect((await t.launch()).argv[0]).toBe(path.join(bin, 'sh'));
  });

  test('the port is put in everywhere; a recorded one goes on as long as there is one', async () => {
    const service = { start: ['bin/server', '${port}'], ports: [81, 82], ready: { http: 'http://127.0.0.1:${port}/' } };
    const t = await declared(service);
    const on = (port: number) => ({
      port,
      env: { PKG_PORT: String(port) },
      service: { ready: { http: `http://127.0.0.1:${port}/` } },
    });
    const recorded = async (port: number) => ({ recorded: { port, launch: await t.launch() } as RunRecord });
    expect(await t.launch()).toMatchObject(on(81));
    expect(await t.launch({ port: 82 })).toMatchObject(on(82));
    expect(await t.launch(await recorded(82))).toMatchObject(on(82));
    expect(await t.launch(await recorded(90))).toMatchObject(on(81));
    expect(await t.launch({ beside: { port: 81 } })).toMatchObject(on(82));
  });

  test('words that were added by hand go on, until others are given', async () => {
    const t = await declared({});
    const first = await t.launch({ extraArgs: ['--debug'] });
    expect(first.argv.slice(1)).toEqual(['--debug']);
    const recorded = { port: null, launch: first } as RunRecord;
    expect((await t.launch({ recorded })).argv.slice(1)).toEqual(['--debug']);
    expect((await t.launch({ recorded, extraArgs: [] })).argv.slice(1)).toEqual([]);
  });

  test('units of two roots on one machine have different names', async () => {
    const [one, other] = [await declared({}), await declared({})];
    const [first, second] = [(await one.launch()).unit, (await other.launch()).unit];
    expect(first).toMatch(/^pkg-[0-9a-f]{8}-web-server$/);
    expect(second).not.toBe(first);
  });

  test('a service that the bundle does not declare is refused by name', async () => {
    const t = await declared({});
    const missing: ServiceAt = { ...at(t.web, 3), name: { bundle: 'web', service: 'worker' } };
    await expect(launchOf(t.layout, missing, t.world)).rejects.toMatchObject({
      message: "web 1.0.0 declares no service 'worker'",
    });
  });

  test('without `needs` every service of the bundles that it depends on comes before it', async () => {
    const t = stepWorld();
    const services = { main: { start: ['bin/db'] }, log: { start: ['bin/log'] } };
    const db = await t.stage('db', '1.0.0', {
      files: { 'bin/db': '#!/bin/sh\n', 'bin/log': '#!/bin/sh\n' },
      manifest: { services },
    });
    const web = await t.stage('web', '1.0.0', {
      files: { 'bin/server': '#!/bin/sh\n' },
      manifest: {
        depends: { db: '*' },
        services: { server: { start: ['bin/server'] }, alone: { start: ['bin/server'], needs: [] } },
      },
    });
    t.live(1, [db, web]);
    const needsOf = async (service: string) =>
      (await launchOf(t.layout, { ...at(web, 1), name: { bundle: 'web', service } }, t.world)).service.needs;
    expect(await needsOf('server')).toEqual(expect.arrayContaining(['db/main', 'db/log']));
    expect(await needsOf('alone')).toEqual([]);
  });
});
