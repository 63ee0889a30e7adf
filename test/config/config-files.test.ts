import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { PROGRAM, type Wish, type Workbench, workbench } from '../support/pkg.ts';

/** A bundle `app` with these files below etc/, all of them configuration. */
function app(t: Workbench, version: string, files: Readonly<Record<string, string>>, more: Wish = {}) {
  const shipped = Object.fromEntries(Object.entries(files).map(([name, text]) => [`etc/${name}`, text]));
  const config = Object.keys(shipped).map((file) => ({ path: file }));
  return t.bundle('app', version, { files: shipped, config, ...more });
}

const place = (t: Workbench, name: string): string => t.at('current/etc/app', name);
const read = (t: Workbench, name: string): string => fs.readFileSync(place(t, name), 'utf8');
const names = (t: Workbench): readonly string[] => fs.readdirSync(t.at('current/etc/app')).toSorted();

const LINES = 'one\ntwo\nthree\nfour\nfive\n';

describe('a configuration file', () => {
  test('that becomes an ordinary one leaves its edit beside it, and meets it again when it comes back', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', { 'app.conf': LINES }));
    fs.writeFileSync(place(t, 'app.conf'), 'mine\n');
    const { err } = await t.ok('install', '-y', await app(t, '2.0.0', { 'app.conf': LINES }, { config: [] }));
    expect(err).toContain(
      'etc/app/app.conf: it is no configuration of app any more, yours lies there as app.conf.pkg-old',
    );
    expect(names(t)).toEqual(['app.conf.pkg-old']);
    await t.ok('install', '-y', await app(t, '3.0.0', { 'app.conf': LINES }));
    expect(read(t, 'app.conf')).toBe(LINES);
    expect(read(t, 'app.conf.pkg-old')).toBe('mine\n');
  });

  test('follows a bundle that takes the place of another, with its edit', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', { 'app.conf': LINES }));
    fs.writeFileSync(place(t, 'app.conf'), LINES.replace('one', 'mine'));
    const next = await t.bundle('application', '2.0.0', {
      files: { 'etc/app.conf': LINES.replace('five', 'new') },
      config: [{ path: 'etc/app.conf' }],
      replaces: { app: '*' },
    });
    await t.ok('install', '-y', next);
    expect(t.read('current/etc/application/app.conf')).toBe('mine\ntwo\nthree\nfour\nnew\n');
  });

  test('that the operator made a link stays one, also one that leads in a circle', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', { 'app.conf': LINES }));
    fs.rmSync(place(t, 'app.conf'));
    fs.symlinkSync('app.conf', place(t, 'app.conf'));
    await t.ok('install', '-y', await app(t, '2.0.0', { 'app.conf': `${LINES}six\n` }));
    expect(fs.readlinkSync(place(t, 'app.conf'))).toBe('app.conf');
    expect(read(t, 'app.conf.pkg-new')).toBe(`${LINES}six\n`);
  });

  test('that the operator made a folder stays one', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', { 'app.conf': LINES }));
    fs.rmSync(place(t, 'app.conf'));
    fs.mkdirSync(place(t, 'app.conf'));
    fs.writeFileSync(place(t, 'app.conf/part'), 'mine\n');
    await t.ok('install', '-y', await app(t, '2.0.0', { 'app.conf': `${LINES}six\n` }));
    expect(read(t, 'app.conf/part')).toBe('mine\n');
  });

  test('in a folder that the operator made a file lies beside that', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', { 'app.conf': LINES }));
    fs.writeFileSync(place(t, 'conf.d'), 'mine\n');
    const ended = await t.ok('install', '-y', await app(t, '2.0.0', { 'app.conf': LINES, 'conf.d/a': 'new\n' }));
    expect(read(t, 'conf.d')).toBe('mine\n');
    expect(read(t, 'conf.d.pkg-new/a')).toBe('new\n');
    expect(ended.err).toContain('etc/app/conf.d/a');
  });

  test('keeps the mode an operator chose; one that nobody chose follows the bundle', async () => {
    const t = workbench();
    const files = { 'chosen.conf': LINES, 'open.conf': LINES };
    const config = (mode: string) => Object.keys(files).map((name) => ({ path: `etc/${name}`, mode }));
    await t.ok('install', '-y', await app(t, '1.0.0', files, { config: config('0644') }));
    fs.chmodSync(place(t, 'chosen.conf'), 0o604);
    fs.writeFileSync(place(t, 'open.conf'), `${LINES}mine\n`);
    await t.ok('install', '-y', await app(t, '2.0.0', files, { config: config('0640') }));
    expect(fs.statSync(place(t, 'chosen.conf')).mode & 0o777).toBe(0o604);
    expect(fs.statSync(place(t, 'open.conf')).mode & 0o777).toBe(0o640);
    expect(read(t, 'open.conf')).toBe(`${LINES}mine\n`);
  });

  test('whose mode is changed while the change is prepared keeps the new mode', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', { 'app.conf': LINES }));
    const hooks = { preinstall: 'chmod 600 "$PKG_ROOT/current/etc/app/app.conf"' };
    await t.ok('install', '-y', await app(t, '2.0.0', { 'app.conf': `${LINES}six\n` }, { hooks }));
    expect(fs.statSync(place(t, 'app.conf')).mode & 0o777).toBe(0o600);
  });

  test('that a hook writes into before the switch keeps what it wrote', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', { 'app.conf': LINES }));
    const hooks = {
      preinstall: [
        'echo by-hook >> "$PKG_CONFIG_DIR/app.conf"',
        'sed -i s/one/mine/ "$PKG_ROOT/current/etc/app/app.conf"',
      ].join('\n'),
    };
    await t.ok('install', '-y', await app(t, '2.0.0', { 'app.conf': LINES.replace('three', 'new') }, { hooks }));
    expect(read(t, 'app.conf')).toBe('mine\ntwo\nnew\nfour\nfive\nby-hook\n');
  });

  test.each([
    [
      'CR LF line ends all over',
      LINES.replaceAll('\n', '\r\n').replace('one', 'mine'),
      'mine\r\ntwo\r\nthree\r\nfour\r\nnew\r\n',
    ],
    [
      'no line end at its end',
      LINES.replace('one', 'mine').trimEnd().replace('five', 'five\n'),
      'mine\ntwo\nthree\nfour\nnew\n',
    ],
  ])('with %s is merged', async (_what, mine, merged) => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', { 'app.conf': LINES }));
    fs.writeFileSync(place(t, 'app.conf'), mine);
    await t.ok('install', '-y', await app(t, '2.0.0', { 'app.conf': LINES.replace('five', 'new') }));
    expect(read(t, 'app.conf')).toBe(merged);
  });

  test.each([
    ['binary', Buffer.from([0, 1, 2, 0xff])],
    ['not UTF-8', Buffer.from([0x6d, 0xfc, 0x6c, 0x6c, 0x0a])],
    ['100 MB large', Buffer.alloc(100 << 20, 'x\n')],
  ])('that is %s is never merged: it stays, the new one lies beside it', async (_what, content) => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', { 'app.conf': LINES }));
    fs.writeFileSync(place(t, 'app.conf'), content);
    await t.ok('install', '-y', await app(t, '2.0.0', { 'app.conf': `${LINES}six\n` }));
    expect(fs.readFileSync(place(t, 'app.conf')).equals(content)).toBe(true);
    expect(read(t, 'app.conf.pkg-new')).toBe(`${LINES}six\n`);
  });

  test('says in the plan what will become of it', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', { 'app.conf': LINES, 'other.conf': LINES }));
    fs.writeFileSync(place(t, 'app.conf'), LINES.replace('one', 'mine'));
    fs.writeFileSync(place(t, 'other.conf'), LINES.replace('one', 'mine'));
    const next = await app(t, '2.0.0', {
      'app.conf': LINES.replace('five', 'new'),
      'other.conf': LINES.replace('one', 'new'),
    });
    const { notes } = (await t.ok('plan', 'install', '--json', next)).json;
    expect(notes).toEqual([
      'etc/app/app.conf: your edits are merged with the new one',
      'etc/app/other.conf: yours is kept, the new one lies beside it as other.conf.pkg-new',
    ]);
  });

  test('that is a template with an unknown name is refused before anything begins', async () => {
    const t = workbench();
    const text = '{{setting.port}} {{port}}\n';
    const wish = {
      config: [{ path: 'etc/app.conf', template: true }],
      settings: { port: { type: 'number', default: 1 } },
    };
    const refused = await t.pkg('install', '-y', '--json', await app(t, '1.0.0', { 'app.conf': text }, wish));
    expect(refused.exit).toBe(3);
    expect(refused.error.code).toBe('config-unusable');
    expect(refused.error.message).toContain('{{port}}');
    expect(t.exists('root.json')).toBe(false);
  });

  describe('with an owner', () => {
    needs('root');

    test('is given to a user that a hook has just created, and to none that does not exist', async () => {
      const t = workbench();
      const config = [{ path: 'etc/app.conf', owner: 'nobody', mode: '0640' }];
      await t.ok('install', '-y', await app(t, '1.0.0', { 'app.conf': LINES }, { config }));
      const { uid, mode } = fs.statSync(place(t, 'app.conf'));
      expect(uid).toBe(Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' })));
      expect(mode & 0o777).toBe(0o640);
      fs.chownSync(place(t, 'app.conf'), 0, 0);
      await t.ok('install', '-y', await app(t, '2.0.0', { 'app.conf': `${LINES}six\n` }, { config }));
      expect(fs.statSync(place(t, 'app.conf')).uid).toBe(0);
      const stranger = [{ path: 'etc/app.conf', owner: 'no-such-user' }];
      const undone = await t.pkg('install', '-y', await app(t, '3.0.0', { 'app.conf': LINES }, { config: stranger }));
      expect(undone.exit).toBe(1);
      expect(undone.err).toContain('no-such-user');
    });

    test('that cannot be read is refused by name for who is not root', async () => {
      const t = workbench();
      const archive = await app(t, '1.0.0', { 'app.conf': LINES });
      const next = await app(t, '2.0.0', { 'app.conf': `${LINES}six\n` });
      fs.chmodSync(t.home, 0o777);
      const nobody = Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }));
      const asNobody = (...words: readonly string[]): string => {
        const pkg = [PROGRAM, '--root', t.root, '--json', '-y', ...words];
        const env = { PATH: process.env.PATH, HOME: t.home };
        return spawnSync(process.execPath, pkg, { encoding: 'utf8', env, uid: nobody, gid: nobody }).stdout;
      };
      asNobody('install', archive);
      fs.chownSync(place(t, 'app.conf'), 0, 0);
      fs.chmodSync(place(t, 'app.conf'), 0o600);
      expect(asNobody('install', next)).toContain('config-unusable');
      expect(fs.readlinkSync(t.at('current'))).toBe('generations/1');
    });
  });
});
