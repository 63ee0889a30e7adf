import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { snapshot, type Workbench, workbench } from '../support/pkg.ts';

async function webInstalled(): Promise<Workbench> {
  const t = workbench();
  const web = await t.bundle('web', '1.0.0', {
    files: {
      'bin/web': '#!/bin/sh\necho web\n',
      'etc/web.conf': 'port 80\n',
      'lib/a/b.txt': 'b\n',
      'lib/link': '-> a/b.txt',
    },
    bin: { web: 'bin/web' },
    config: [{ path: 'etc/web.conf' }],
    links: { [path.join(t.home, 'outside', 'web.conf')]: 'etc/web.conf' },
  });
  await t.ok('install', '-y', web);
  return t;
}

const shipped = (t: Workbench, ...parts: readonly string[]): string =>
  path.join('store/web', fs.readdirSync(t.at('store/web')).find((name) => !name.startsWith('.')) ?? '', ...parts);

describe('verify', () => {
  test('finds nothing wrong with a fresh root, and nothing at all without one', async () => {
    const t = await webInstalled();
    expect((await t.ok('verify', '--json')).json).toMatchObject({ generation: 1, ok: true, damage: [], warnings: [] });
    const nowhere = await t.run(['verify', '--json'], { root: path.join(t.home, 'nowhere') });
    expect(nowhere).toMatchObject({ exit: 0, json: { generation: null, ok: true } });
    expect(fs.existsSync(path.join(t.home, 'nowhere'))).toBe(false);
  });

  test('names each file that was changed, removed or made writable, and warns of extra ones', async () => {
    const t = await webInstalled();
    t.tamper(shipped(t, 'data.txt'), 'mine\n');
    t.tamper(shipped(t, 'extra.txt'), 'mine too\n');
    fs.chmodSync(t.at(shipped(t)), 0o755);
    fs.chmodSync(t.at(shipped(t, 'bin/web')), 0o755);
    fs.chmodSync(t.at(shipped(t, 'lib/a')), 0o755);
    fs.rmSync(t.at(shipped(t, 'lib/a/b.txt')));
    const { exit, json } = await t.pkg('verify', '--json');
    expect(exit).toBe(1);
    expect(json.damage).toEqual([
      { bundle: 'web', path: 'bin/web', change: 'mode' },
      { bundle: 'web', path: 'data.txt', change: 'changed' },
      { bundle: 'web', path: 'lib/a', change: 'mode' },
      { bundle: 'web', path: 'lib/a/b.txt', change: 'missing' },
    ]);
    expect(json.warnings).toEqual([{ bundle: 'web', path: 'extra.txt', change: 'extra' }]);
    const asText = await t.pkg('verify');
    expect(asText.lines).toContain('changed   web: data.txt');
    expect(asText.err).toContain('error[damaged]: 4 things are not as shipped\nhint: pkg verify --repair');
  });

  test('takes edited configuration for what it is', async () => {
    const t = await webInstalled();
    fs.writeFileSync(t.at('current/etc/web/web.conf'), 'port 8080\n');
    expect((await t.ok('verify', '--json')).json.ok).toBe(true);
  });

  test('sees links that lead elsewhere, inside and outside the root', async () => {
    const t = await webInstalled();
    fs.rmSync(t.at('generations/1/bin/web'));
    fs.symlinkSync('/bin/true', t.at('generations/1/bin/web'));
    fs.rmSync(path.join(t.home, 'outside', 'web.conf'));
    const { json } = await t.pkg('verify', '--json');
    expect(json.damage).toEqual([
      { bundle: null, path: 'generations/1/bin/web', change: 'changed' },
      { bundle: 'web', path: path.join(t.home, 'outside', 'web.conf'), change: 'missing' },
    ]);
  });

  test('looks at generations that are kept when asked for all', async () => {
    const t = await webInstalled();
    const old = shipped(t, 'data.txt');
    await t.ok('install', '-y', await t.bundle('web', '2.0.0'));
    t.tamper(old, 'mine\n');
    expect((await t.ok('verify', '--json')).json.ok).toBe(true);
    expect((await t.pkg('verify', '--all', '--json')).json.damage).toEqual([
      { bundle: 'web', path: 'data.txt', change: 'changed' },
    ]);
  });
});

const DAMAGES: Readonly<Record<string, (t: Workbench) => void>> = {
  'a changed file': (t) => t.tamper(shipped(t, 'data.txt'), 'mine\n'),
  'a changed manifest': (t) => t.tamper(shipped(t, 'bundle.json'), '{}'),
  'a removed bundle': (t) => fs.renameSync(t.at(shipped(t)), path.join(t.home, 'stolen')),
  'a folder in place of a file': (t) => {
    fs.chmodSync(t.at(shipped(t)), 0o755);
    fs.rmSync(t.at(shipped(t, 'data.txt')));
    fs.mkdirSync(t.at(shipped(t, 'data.txt')));
  },
  'a file in place of a folder': (t) => {
    for (const folder of ['', 'lib', 'lib/a']) fs.chmodSync(t.at(shipped(t, folder)), 0o755);
    fs.rmSync(t.at(shipped(t, 'lib')), { recursive: true });
    fs.writeFileSync(t.at(shipped(t, 'lib')), 'mine\n');
  },
  'a link that leads elsewhere': (t) => {
    fs.chmodSync(t.at(shipped(t, 'lib')), 0o755);
    fs.rmSync(t.at(shipped(t, 'lib/link')));
    fs.symlinkSync('/etc/passwd', t.at(shipped(t, 'lib/link')));
  },
  'a command that is missing': (t) => fs.rmSync(t.at('generations/1/bin/web')),
  'a file in place of a command': (t) => {
    fs.rmSync(t.at('generations/1/bin/web'));
    fs.writeFileSync(t.at('generations/1/bin/web'), 'mine\n');
  },
  'a link outside that is missing': (t) => fs.rmSync(path.join(t.home, 'outside', 'web.conf')),
  'a cut generation record': (t) => fs.truncateSync(t.at('generations/1/generation.json'), 40),
  'a missing generation record': (t) => fs.rmSync(t.at('generations/1/generation.json')),
  'a missing generation': (t) => fs.rmSync(t.at('generations/1'), { recursive: true }),
  'a missing configuration': (t) => fs.rmSync(t.at('config/web/1'), { recursive: true }),
  'a missing pointer': (t) => fs.rmSync(t.at('current')),
  'a pointer to nowhere': (t) => {
    fs.rmSync(t.at('current'));
    fs.symlinkSync('generations/77', t.at('current'));
  },
};

describe('verify --repair', () => {
  test.for(Object.keys(DAMAGES))('puts right: %s', async (name) => {
    const t = await webInstalled();
    const before = snapshot(t.root);
    DAMAGES[name]?.(t);
    expect((await t.pkg('verify', '--json')).json.ok, 'verify sees it').toBe(false);
    const { exit, json } = await t.pkg('verify', '--repair', '--json');
    expect(json).toMatchObject({ ok: true, damage: [], generation: 1 });
    expect(json.repaired).not.toEqual([]);
    expect(exit).toBe(0);
    expect(snapshot(t.root)).toEqual(before);
    expect(fs.readFileSync(path.join(t.home, 'outside', 'web.conf'), 'utf8')).toBe('port 80\n');
    expect((await t.ok('verify', '--all', '--json')).json.ok).toBe(true);
  });

  test('copies what was changed by hand aside', async () => {
    const t = await webInstalled();
    t.tamper(shipped(t, 'data.txt'), 'mine\n');
    const { err } = await t.ok('verify', '--repair');
    expect(err).toContain(t.at('transactions/repair-1'));
    expect(t.read('transactions/repair-1/web/data.txt')).toBe('mine\n');
    expect(t.read('current/bundles/web/data.txt')).toBe('web 1.0.0\n');
  });

  test('says which archive it needs when none is kept', async () => {
    const t = await webInstalled();
    fs.rmSync(t.at('archives'), { recursive: true });
    fs.mkdirSync(t.at('archives'));
    t.tamper(shipped(t, 'data.txt'), 'mine\n');
    const { exit, err } = await t.pkg('verify', '--repair');
    expect(exit).toBe(1);
    expect(err).toMatch(/cannot repair web 1\.0\.0: its archive is not kept/);
    expect(err).toMatch(
      /hint: copy the archive with digest sha256:[0-9a-f]{64} to .*\/archives\/web-1\.0\.0-[0-9a-f]{12}\.tgz/,
    );
    expect(t.read('current/bundles/web/data.txt')).toBe('mine\n');
  });

  test('leaves what is not ours in place of a link outside', async () => {
    const t = await webInstalled();
    const outside = path.join(t.home, 'outside', 'web.conf');
    fs.rmSync(outside);
    fs.writeFileSync(outside, 'foreign\n');
    const { exit, err } = await t.pkg('verify', '--repair');
    expect(exit).toBe(1);
    expect(err).toContain('what stands in the way has to be moved by hand');
    expect(fs.readFileSync(outside, 'utf8')).toBe('foreign\n');
  });

  test('cut short at any moment, is finished by repeating it', async () => {
    const t = await webInstalled();
    const before = snapshot(t.root);
    for (const milliseconds of [60, 80, 100, 120, 140, 170]) {
      t.tamper(shipped(t, 'data.txt'), 'mine\n');
      DAMAGES['a file in place of a folder']?.(t);
      fs.rmSync(t.at('generations/1/generation.json'));
      const { child, ended } = t.start(['verify', '--repair']);
      setTimeout(() => child.kill('SIGKILL'), milliseconds);
      await ended;
      await t.ok('verify', '--repair');
      expect(snapshot(t.root)).toEqual(before);
    }
  });
});
