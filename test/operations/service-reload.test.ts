import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { until } from '../support/pkg.ts';
import { onTerminal } from '../support/terminal.ts';
import { serviceBench } from './service-bench.ts';

/** Answers what it has read; a line `unwell` makes it answer no, a line `die` ends it. */
const READER = `
const fs = require('node:fs');
const [port] = process.argv.slice(2);
let text = '';
const read = () => {
  text = fs.readFileSync(process.env.PKG_CONFIG_DIR + '/web.conf', 'utf8');
  if (text.includes('die')) process.exit(9);
};
read();
process.on('SIGHUP', read);
require('node:http').createServer((request, response) => {
  response.writeHead(text.includes('unwell') ? 503 : 200).end(text);
}).listen(Number(port), '127.0.0.1');
`;

const CONF = 'workers 4\n\n\npassword {{setting.password}}\n';
const CHECK =
  '#!/bin/sh\nif grep -q nonsense "$PKG_CONFIG_DIR/web.conf"; then echo "bad word in web.conf"; exit 1; fi\n';

/** `web` with a file of configuration, a secret in it, and a check that looks at it; it runs. */
async function reader(service: object = {}, version = '1.0.0') {
  const t = await serviceBench();
  const archive = (which: string, more: object = {}) =>
    t.web(
      'web',
      which,
      { autostart: true, ready: { http: 'http://127.0.0.1:${port}/', timeout: '1s' }, ...service, ...more },
      {
        files: { 'server.js': READER, 'etc/web.conf': CONF, 'etc/logo.bin': 'a\0b', 'bin/check': CHECK },
        config: [{ path: 'etc/web.conf', template: true }, { path: 'etc/logo.bin' }],
        settings: {
          password: { type: 'string', secret: true, default: 'hunter2' },
          level: { type: 'string', default: 'info' },
        },
        checks: [{ name: 'syntax', run: ['bin/check'] }],
      },
    );
  await t.ok('install', '-y', await archive(version));
  const conf = t.at('current/etc/web/web.conf');
  return {
    ...t,
    archive,
    conf,
    edit: (from: string, to: string) => fs.writeFileSync(conf, fs.readFileSync(conf, 'utf8').replace(from, to)),
    text: () => fs.readFileSync(conf, 'utf8'),
    async served(): Promise<string> {
      return (await fetch(`http://127.0.0.1:${await t.portOf('web')}/`, { headers: { connection: 'close' } })).text();
    },
    async status() {
      return (await t.ok('service', 'status', '--json')).json.services[0];
    },
    beside: () => fs.readdirSync(t.at('current/etc/web')).filter((name) => name.includes('.pkg-')),
  };
}

describe('configuration that was edited by hand', () => {
  test('is called changed and not loaded until the service is told, and the difference hides what is secret', async () => {
    const t = await reader();
    expect((await t.status()).notLoaded).toEqual([]);
    t.edit('workers 4', 'workers 8');
    t.edit('hunter2', 'correct horse');
    fs.writeFileSync(t.at('current/etc/web/logo.bin'), 'c\0d');
    expect((await t.status()).notLoaded).toEqual(['logo.bin', 'web.conf']);
    expect((await t.ok('status')).out).toContain('changed, not loaded: logo.bin web.conf');
    expect((await t.ok('config', 'list', '--json')).json.files).toMatchObject([
      { file: 'logo.bin', state: 'edited', notLoadedBy: ['web/server'] },
      { file: 'web.conf', state: 'edited', notLoadedBy: ['web/server'] },
    ]);
    expect((await t.ok('config', 'list')).out).toMatch(/^edited .*web\.conf  \(changed, not loaded by web\/server\)$/m);
    expect(await t.served()).toContain('workers 4');

    const dry = await t.ok('service', 'reload', 'web', '--dry-run');
    expect(dry.err).toContain('-workers 4\n+workers 8\n');
    expect(await t.served()).toContain('workers 4');

    const { err, events } = await t.ok('service', 'reload', 'web', '--json');
    expect(err + JSON.stringify(events)).not.toMatch(/hunter2|correct horse/);
    expect(events[0]).toMatchObject({
      event: 'config',
      bundle: 'web',
      service: 'server',
      files: [
        { file: 'logo.bin', change: 'changed', patch: null },
        { file: 'web.conf', change: 'changed', patch: expect.stringContaining('-password ***\n+password ***') },
      ],
    });
    expect(await t.served()).toContain('workers 8\n\n\npassword correct horse');
    expect((await t.status()).notLoaded).toEqual([]);
    expect((await t.ok('config', 'list')).out).not.toContain('not loaded');
    const again = await t.ok('service', 'reload', 'web');
    expect(again.err).toContain('web/server: its configuration is as it was loaded\n');
    // The next difference is against what was loaded last, not against what was shipped.
    t.edit('workers 8', 'workers 9');
    expect((await t.ok('service', 'reload', 'web')).err).toContain('-workers 8\n+workers 9\n');
  });

  test('that a check refuses is not told to the service, which serves on; nothing is restored unless asked', async () => {
    const t = await reader();
    t.edit('workers 4', 'nonsense');
    const { pid } = await t.status();
    const refused = await t.pkg('service', 'reload', 'web', '--json');
    expect(refused.exit).toBe(7);
    expect(refused.error).toMatchObject({
      code: 'check-failed',
      message: expect.stringContaining('bad word in web.conf'),
      hint: expect.stringContaining('pkg service reload web/server --restore'),
    });
    expect(fs.readFileSync(refused.error.details.log, 'utf8')).toBe('bad word in web.conf\n');
    expect(await t.served()).toContain('workers 4');
    expect(t.text()).toContain('nonsense');
    expect(await t.status()).toMatchObject({ pid, notLoaded: ['web.conf'] });

    const restored = await t.pkg('service', 'reload', 'web', '--restore');
    expect(restored.exit).toBe(7);
    expect(restored.err).toContain(
      'etc/web/web.conf is as it was loaded; yours lies beside it as web.conf.pkg-edited-1',
    );
    expect(t.text()).toContain('workers 4');
    expect(t.beside()).toEqual(['web.conf.pkg-edited-1']);
    expect(fs.readFileSync(`${t.conf}.pkg-edited-1`, 'utf8')).toContain('nonsense');
    expect(await t.status()).toMatchObject({ pid, state: 'running', notLoaded: [] });
  });

  test('that makes the service unwell goes back with --restore, and the service is proven with what it had before', async () => {
    const t = await reader();
    t.edit('workers 4', 'workers 8');
    await t.ok('service', 'reload', 'web');
    t.edit('workers 8', 'unwell');
    const unwell = await t.pkg('service', 'reload', 'web');
    expect(unwell.exit).toBe(7);
    expect(unwell.err).toContain('--restore');
    expect((await t.ok('status')).out).toContain('was told to reload and not seen well since');
    const restored = await t.pkg('service', 'reload', 'web', '--restore');
    expect(restored.exit).toBe(7);
    expect(await t.served()).toContain('workers 8');
    expect(t.text()).toContain('workers 8');
    expect(await t.status()).toMatchObject({ state: 'running', notLoaded: [] });
    expect((await t.ok('status')).out).not.toContain('not seen well');
  });

  test('on a terminal the operator is asked whether to go back; a no leaves everything as it is', async () => {
    const t = await reader();
    t.edit('workers 4', 'nonsense');
    const question = 'Put back what web/server had loaded before? [y/N]';
    const no = await onTerminal(
      t,
      ['service', 'reload', 'web'],
      [
        ['bad word in web.conf', null],
        [question, 'n'],
      ],
    );
    expect(no.exit).toBe(7);
    expect(t.text()).toContain('nonsense');
    const yes = await onTerminal(t, ['service', 'reload', 'web'], [[question, 'y']]);
    expect(yes.exit).toBe(7);
    expect(yes.screen).toContain('lies beside each file as FILE.pkg-edited-1');
    expect(t.text()).toContain('workers 4');
    expect(t.beside()).toEqual(['web.conf.pkg-edited-1']);
  });

  test('that ends the service is put back, and the service is started with what it had before', async () => {
    const t = await reader();
    t.edit('workers 4', 'die');
    expect((await t.pkg('service', 'reload', 'web')).exit).toBe(7);
    expect((await t.status()).state).toBe('dead');
    const plain = await t.pkg('service', 'reload', 'web');
    expect(plain.exit).toBe(1);
    expect(plain.err).toContain('pkg service reload web/server --restore');
    const restored = await t.pkg('service', 'reload', 'web', '--restore');
    expect(restored.err).toContain('is ready after');
    expect(await t.served()).toContain('workers 4');
    expect(fs.readFileSync(`${t.conf}.pkg-edited-1`, 'utf8')).toContain('die');
  });

  test('counts as loaded after a restart, and after an upgrade that restarts it', async () => {
    const t = await reader();
    t.edit('workers 4', 'workers 8');
    await t.ok('service', 'restart', 'web');
    expect((await t.status()).notLoaded).toEqual([]);
    t.edit('workers 8', 'workers 9');
    expect((await t.status()).notLoaded).toEqual(['web.conf']);
    await t.ok('install', '-y', await t.archive('1.1.0', { onUpgrade: 'reload' }));
    expect(await t.served()).toContain('workers 9');
    expect(await t.status()).toMatchObject({ runningVersion: '1.1.0', notLoaded: [] });
    t.edit('workers 9', 'workers 10');
    await t.ok('rollback', '-y');
    expect(await t.status()).toMatchObject({ runningVersion: '1.0.0', notLoaded: [] });
    expect(await t.served()).toContain('workers 10');
  });

  test('is not lost when pkg is killed while the service is being told', async () => {
    const t = await reader({ reload: { command: ['/bin/sh', '-c', 'touch "$PKG_DATA_DIR/told"; exec sleep 60'] } });
    fs.mkdirSync(t.at('data/web'), { recursive: true });
    t.edit('workers 4', 'workers 8');
    const reload = t.start(['service', 'reload', 'web']);
    await until('it is told', () => t.exists('data/web/told'));
    reload.child.kill('SIGKILL');
    await reload.ended;
    expect(await t.status()).toMatchObject({
      notLoaded: ['web.conf'],
      because: 'was told to reload and not seen well since',
    });
    expect(t.text()).toContain('workers 8');
    await t.ok('service', 'restart', 'web');
    expect((await t.status()).because).toBeUndefined();
    expect(await t.served()).toContain('workers 8');
  });
});

describe('services of one bundle', () => {
  test('share its files: what one does not take is put back for both, and one that stays unwell is told of', async () => {
    const t = await serviceBench();
    const ports = [await t.portOf('web'), await t.portOf('other')];
    const service = (port: number | undefined, name: string) => ({
      start: [process.execPath, 'server.js', '${port}', name],
      ports: [port],
      ready: { http: 'http://127.0.0.1:${port}/', timeout: '1s' },
      reload: { signal: 'SIGHUP' },
      path: 'current',
    });
    // It is unwell over its own name, and over the name in capitals for ever.
    const server = READER.replace('const [port]', 'const [port, name]')
      .replace('read();', 'let stuck = false;\nread();')
      .replace(
        "text.includes('unwell')",
        '(stuck = stuck || text.includes(name.toUpperCase())) || text.includes(name)',
      );
    const web = await t.bundle('web', '1.0.0', {
      files: { 'server.js': server, 'etc/web.conf': 'fine\n' },
      config: [{ path: 'etc/web.conf' }],
      services: { one: service(ports[0], 'one'), two: { ...service(ports[1], 'two'), needs: ['one'] } },
    });
    await t.ok('install', '-y', web);
    const conf = t.at('current/etc/web/web.conf');
    const texts = () => Promise.all(ports.map(async (port) => (await fetch(`http://127.0.0.1:${port}/`)).text()));
    const notLoaded = async () =>
      (await t.ok('status', '--json')).json.services.map((one: { notLoaded: string[] }) => one.notLoaded);

    fs.writeFileSync(conf, 'two\n');
    const refused = await t.pkg('service', 'reload', 'web', '--restore');
    expect(refused.exit).toBe(7);
    expect(refused.err).toContain('web/one has reloaded what it had loaded before');
    expect(await texts()).toEqual(['fine\n', 'fine\n']);
    expect(await notLoaded()).toEqual([[], []]);
    expect(fs.readFileSync(`${conf}.pkg-edited-1`, 'utf8')).toBe('two\n');

    fs.writeFileSync(conf, 'TWO\n');
    const stuck = await t.pkg('service', 'reload', 'web', '--restore', '--json');
    expect(stuck.exit).toBe(5);
    const errors = stuck.events.filter(({ event }) => event === 'error');
    expect(errors).toMatchObject([{ code: 'not-ready' }, { code: 'undo-failed', hint: 'pkg logs web/two' }]);
    expect(stuck.json.outcome).toBe('needs-recovery');
    expect(fs.readFileSync(`${conf}.pkg-edited-1.2`, 'utf8')).toBe('TWO\n');
    expect(fs.readFileSync(conf, 'utf8')).toBe('fine\n');
    expect((await t.ok('status')).out).toContain('was told to reload and not seen well since');
  });
});

describe('what a service is told', () => {
  const TELL = [
    'for name in ADDED_FILES CHANGED_FILES REMOVED_FILES ADDED_SETTINGS CHANGED_SETTINGS REMOVED_SETTINGS',
    'do eval "echo $name: \\$PKG_$name"; done >"$PKG_DATA_DIR/told"',
    'cat "$PKG_PREVIOUS_CONFIG_DIR/web.conf" >>"$PKG_DATA_DIR/told"',
  ].join('\n');

  test('its reload command hears the names of files and settings that changed, by hand and in a change', async () => {
    const t = await reader({ reload: { command: ['/bin/sh', '-c', TELL] }, onUpgrade: 'reload' });
    fs.mkdirSync(t.at('data/web'), { recursive: true });
    t.edit('workers 4', 'workers 8');
    fs.writeFileSync(t.at('current/etc/web/extra.conf'), '');
    fs.rmSync(t.at('current/etc/web/logo.bin'));
    await t.ok('service', 'reload', 'web');
    expect(t.read('data/web/told').split('\n').slice(0, 7)).toEqual([
      'ADDED_FILES: extra.conf',
      'CHANGED_FILES: web.conf',
      'REMOVED_FILES: logo.bin',
      'ADDED_SETTINGS:',
      'CHANGED_SETTINGS:',
      'REMOVED_SETTINGS:',
      'workers 4',
    ]);
    const file = `${t.home}/settings.json`;
    fs.writeFileSync(file, JSON.stringify({ web: { password: 'sesame' } }));
    await t.ok('settings', 'set', '-y', 'web', 'level=debug', '--settings', file);
    expect(t.read('data/web/told')).toContain('CHANGED_SETTINGS: level password\n');
    expect(t.read('data/web/told')).toContain('CHANGED_FILES: web.conf\n');
    expect(t.read('data/web/told')).not.toContain('sesame');
  });

  test('a Node service without a reload hears them by its control program, and what it refuses is not loaded', async () => {
    const t = await serviceBench();
    const server = `
      import fs from 'node:fs';
      import http from 'node:http';
      import { answerControl } from './hooks/pkg/control-node-service.mjs';
      let told = {};
      answerControl({
        config: ({ changed, configDir, previousConfigDir }) => {
          const [before, now] = [previousConfigDir, configDir].map((dir) => fs.readFileSync(dir + '/web.conf', 'utf8'));
          if (now.includes('nonsense')) throw new Error('no such word: nonsense');
          told = { changed, before, now };
        },
      });
      http.createServer((_, response) => response.end(JSON.stringify(told))).listen(Number(process.argv[2]), '127.0.0.1');`;
    const service = {
      start: [process.execPath, 'server.mjs', '${port}'],
      reload: undefined,
      control: 'pkg:control-node',
      autostart: true,
    };
    const wish = {
      files: { 'server.mjs': server, 'etc/web.conf': 'workers 4\n' },
      config: [{ path: 'etc/web.conf' }],
      settings: { level: { type: 'string', default: 'info' } },
      data: { directory: true },
    };
    await t.ok('install', '-y', await t.web('web', '1.0.0', service, wish));
    const conf = t.at('current/etc/web/web.conf');
    const none = { added: [], changed: [], removed: [] };
    fs.writeFileSync(conf, 'workers 8\n');
    await t.ok('service', 'reload', 'web');
    const files = { added: [], changed: ['web.conf'], removed: [] };
    expect(await t.ask('web')).toEqual({
      changed: { files, settings: none },
      before: 'workers 4\n',
      now: 'workers 8\n',
    });

    fs.writeFileSync(conf, 'nonsense\n');
    const refused = await t.pkg('service', 'reload', 'web', '--restore');
    expect(refused.exit).toBe(1);
    expect(refused.err).toContain('no such word: nonsense');
    expect(fs.readFileSync(conf, 'utf8')).toBe('workers 8\n');
    expect(fs.readFileSync(`${conf}.pkg-edited-1`, 'utf8')).toBe('nonsense\n');
    expect((await t.ok('status')).out).not.toContain('not loaded');

    await t.ok('settings', 'set', '-y', 'web', 'level=debug');
    expect(await t.ask('web')).toMatchObject({
      changed: { files: none, settings: { added: [], changed: ['level'], removed: [] } },
    });
  });
});
