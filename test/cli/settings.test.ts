import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Workbench, workbench } from '../support/pkg.ts';

const SECRET = 'correct horse battery';

const SETTINGS = {
  port: { type: 'number', default: 8080, prompt: 'Port to listen on', min: 1, max: 65535 },
  storage: { type: 'choice', choices: ['files', 'redis'], default: 'files' },
  'redis-host': { type: 'string', when: 'storage=redis' },
  password: { type: 'string', secret: true, prompt: 'Password of the database' },
};

/** A bundle `web` with these settings, a template of them, and a hook that notes what it was told. */
function web(t: Workbench, version: string, settings: object = SETTINGS, text = 'port {{setting.port}}\n') {
  return t.bundle('web', version, {
    files: { 'etc/web.conf': text },
    config: [{ path: 'etc/web.conf', template: true }],
    settings,
    hooks: {
      postinstall: `mkdir -p "$PKG_DATA_DIR"; echo "$PKG_SETTING_PORT" > "$PKG_ROOT/data/told"
        echo "connecting with $PKG_SETTING_PASSWORD" >&2; test "$PKG_SETTING_PORT" != 1`,
    },
  });
}

/** Answers in a file, as an operator would keep them. */
function answers(t: Workbench, settings: object): string {
  const file = path.join(t.home, 'answers.json');
  fs.writeFileSync(file, `// for web\n${JSON.stringify(settings)}`);
  return file;
}

const conf = (t: Workbench): string => t.read('current/etc/web/web.conf');

describe('settings', () => {
  test('are answered in advance, reach hooks and templates, and are kept across upgrades', async () => {
    const t = workbench();
    const file = answers(t, { web: { password: SECRET } });
    await t.ok('install', '-y', '--set', 'web.port=9090', '--settings', file, await web(t, '1.0.0'));
    expect(conf(t)).toBe('port 9090\n');
    expect(t.read('data/told')).toBe('9090\n');
    await t.ok('install', '-y', await web(t, '2.0.0', SETTINGS, 'port {{ setting.port }}\nhost any\n'));
    expect(conf(t)).toBe('port 9090\nhost any\n');
    expect(JSON.parse(t.read('current/settings.json'))).toEqual({
      web: { port: 9090, storage: 'files', password: SECRET },
    });
    expect(fs.statSync(t.at('current/settings.json')).mode & 0o777).toBe(0o600);
  });

  test('without a value are refused by name where nobody can be asked, before a root is made', async () => {
    const t = workbench();
    const refused = await t.pkg('install', '-y', '--json', '--no-input', await web(t, '1.0.0'));
    expect(refused.exit).toBe(3);
    expect(refused.error).toMatchObject({ code: 'setting-missing' });
    expect(refused.error.message).toContain('web.password');
    expect(refused.error.hint).toContain('--settings FILE');
    expect(t.exists('root.json')).toBe(false);
  });

  test.each([
    ['web.port=eighty', 'must be a number'],
    ['web.port=70000', 'must be at most 65535'],
    ['web.storage=tape', 'must be one of files, redis'],
    ['web.prot=1', 'did you mean port?'],
    ['wbe.port=1', 'did you mean web?'],
    ['web.password=x', 'a command line can be read by others'],
  ])('--set %s is refused: %s', async (word, why) => {
    const t = workbench();
    const file = answers(t, { web: { password: SECRET } });
    const refused = await t.pkg('install', '-y', '--json', '--set', word, '--settings', file, await web(t, '1.0.0'));
    expect(refused.exit).toBe(3);
    expect(refused.error.code).toBe('setting-invalid');
    expect(refused.error.message).toContain(why);
  });

  test.each([
    ['--set', 'port', 2],
    ['--settings', '/no/such/file', 2],
  ])('%s %s is wrong use', async (option, word, exit) => {
    const t = workbench();
    expect((await t.pkg('install', '-y', option, word, await web(t, '1.0.0'))).exit).toBe(exit);
  });

  test('that another setting makes needless are not needed', async () => {
    const t = workbench();
    const file = answers(t, { web: { password: SECRET } });
    const archive = await web(t, '1.0.0');
    const refused = await t.pkg('install', '-y', '--json', '--set', 'web.storage=redis', '--settings', file, archive);
    expect(refused.error.message).toContain('web.redis-host');
    await t.ok('install', '-y', '--settings', file, archive);
  });

  test('that are secret are seen nowhere but where they are used', async () => {
    const t = workbench();
    const file = answers(t, { web: { password: SECRET } });
    const archive = await web(t, '1.0.0', SETTINGS, 'password {{setting.password}}\n');
    const ended = await t.ok('install', '-y', '-v', '--settings', file, archive);
    expect(ended.out + ended.err).not.toContain(SECRET);
    expect(conf(t)).toBe(`password ${SECRET}\n`);
    expect(fs.statSync(t.at('current/etc/web/web.conf')).mode & 0o777).toBe(0o600);
    for (const words of [
      ['settings', 'list'],
      ['history', '--json'],
      ['info', 'web', '--json'],
      ['diff', '--json'],
    ]) {
      expect((await t.pkg(...words)).out).not.toContain(SECRET);
    }
    expect(holding(t.root, SECRET)).toEqual([
      'config/web/.created-1/web.conf',
      'config/web/.shipped-1/web.conf',
      'config/web/1/web.conf',
      'generations/1/settings.json',
    ]);
  });

  test('that are secret are seen nowhere either when a hook prints them and fails', async () => {
    const t = workbench();
    const file = answers(t, { web: { password: SECRET, port: 1 } });
    const failed = await t.pkg('install', '-y', '--json', '--settings', file, await web(t, '1.0.0'));
    expect(failed.exit).toBe(1);
    expect(failed.error.message).toContain('connecting with ***');
    expect(failed.out + failed.err).not.toContain(SECRET);
    expect(holding(t.at('transactions'), SECRET)).toEqual([]);
  });

  test('that are secret are seen nowhere either when a service prints them and does not come up', async () => {
    const t = workbench();
    const file = answers(t, { web: { password: SECRET } });
    const archive = await t.bundle('web', '1.0.0', {
      settings: SETTINGS,
      files: { 'bin/web': '#!/bin/sh\necho "no user with $PKG_SETTING_PASSWORD"; exit 3\n' },
      services: { server: { start: ['bin/web'], ready: { file: 'never', timeout: '20s' } } },
    });
    const failed = await t.pkg('install', '-y', '--json', '--settings', file, archive);
    expect(failed.exit).not.toBe(0);
    expect(failed.error.message).toContain('no user with ***');
    expect(failed.out + failed.err).not.toContain(SECRET);
    expect(holding(t.at('transactions'), SECRET)).toEqual([]);
    expect((await t.pkg('history', '1', '--json')).out).not.toContain(SECRET);
  });

  test('are changed by a transaction of their own, merged with edits, and rolled back', async () => {
    const t = workbench();
    const text = 'listen {{setting.port}}\nroot /srv\nuser www\nlog info\n';
    const file = answers(t, { web: { password: SECRET } });
    await t.ok('install', '-y', '--settings', file, await web(t, '1.0.0', SETTINGS, text));
    fs.appendFileSync(t.at('current/etc/web/web.conf'), 'mine\n');
    const planned = await t.ok('settings', 'set', 'web', 'port=9090', '--dry-run');
    expect(planned.err).toContain('web.port  8080 -> 9090');
    expect(conf(t)).toContain('listen 8080');
    await t.ok('settings', 'set', '-y', 'web', 'port=9090');
    expect(conf(t)).toBe('listen 9090\nroot /srv\nuser www\nlog info\nmine\n');
    expect((await t.ok('list', '--json')).json.generation).toBe(2);
    await t.ok('rollback', '-y');
    expect(conf(t)).toBe('listen 8080\nroot /srv\nuser www\nlog info\nmine\n');
    expect(JSON.parse(t.read('current/settings.json')).web.port).toBe(8080);
  });

  test('that have the value already change nothing', async () => {
    const t = workbench();
    await t.ok('install', '-y', await web(t, '1.0.0', { port: { type: 'number', default: 8080 } }));
    const again = await t.ok('settings', 'set', '-y', '--json', 'web', 'port=8080');
    expect(again.json).toMatchObject({ outcome: 'nothing-to-do', generation: 1 });
  });

  test('are listed with their values, secrets as ***', async () => {
    const t = workbench();
    const file = answers(t, { web: { password: SECRET } });
    await t.ok('install', '-y', '--settings', file, await web(t, '1.0.0'));
    expect((await t.ok('settings', 'list')).lines).toEqual([
      'web.password    ***  # Password of the database',
      'web.port        8080  # Port to listen on',
      'web.redis-host  (no value)',
      'web.storage     files',
    ]);
    expect((await t.ok('settings', 'list', 'web', '--json')).json.settings[0]).toMatchObject({ value: '***' });
  });

  test('of a stored plan hold no secret; who applies it gives the file once more', async () => {
    const t = workbench();
    const file = answers(t, { web: { password: SECRET } });
    const plan = path.join(t.home, 'plan.json');
    await t.ok('plan', 'install', '--set', 'web.port=9090', '--settings', file, '-o', plan, await web(t, '1.0.0'));
    expect(fs.readFileSync(plan, 'utf8')).not.toContain(SECRET);
    expect((await t.pkg('apply', '-y', '--json', plan)).error.code).toBe('setting-missing');
    await t.ok('apply', '-y', plan, '--settings', file);
    expect(JSON.parse(t.read('current/settings.json')).web).toMatchObject({ port: 9090, password: SECRET });
  });

  test('that a newer version no longer accepts fall back to its default', async () => {
    const t = workbench();
    const level = { type: 'choice', choices: ['info', 'all'], default: 'info' };
    const text = '{{setting.level}}\n';
    await t.ok('install', '-y', '--set', 'web.level=all', await web(t, '1.0.0', { level }, text));
    const fewer = { level: { ...level, choices: ['info', 'debug'] } };
    await t.ok('install', '-y', await web(t, '2.0.0', fewer, text));
    expect(conf(t)).toBe('info\n');
    await t.ok('rollback', '-y');
    expect(conf(t)).toBe('all\n');
  });
});

/** Every file below a folder that holds the text. */
function holding(folder: string, text: string): readonly string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/^(current|generations\/\d+\/etc)\//.test(name))
    .filter((name) => fs.lstatSync(path.join(folder, name)).isFile())
    .filter((name) => fs.readFileSync(path.join(folder, name)).includes(text))
    .toSorted();
}
