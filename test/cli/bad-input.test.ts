import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { mountMemory, needsMounts } from '../support/mounts.ts';
import { snapshot, until, type Workbench, workbench } from '../support/pkg.ts';

/** A root with `a 1.0.0` in it: whatever goes wrong, it must look the same afterwards. */
async function lived(): Promise<Workbench> {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('a', '1.0.0', { files: { 'big.txt': 'x'.repeat(5000) } }));
  return t;
}

/** Runs a command that must fail so, leave the root as it was, and tell people the same on stderr. */
async function expectRefused(
  t: Workbench,
  words: readonly string[],
  expected: { readonly exit: number; readonly code: string; readonly message?: RegExp; readonly hint?: RegExp },
): Promise<void> {
  const before = fs.existsSync(t.root) ? snapshot(t.root) : null;
  const { exit, error, err, out } = await t.pkg(...words, '--json');
  expect({ exit, code: error?.code }, `${words.join(' ')}\n${err}${out}`).toEqual({
    exit: expected.exit,
    code: expected.code,
  });
  if (expected.message !== undefined) expect(error.message).toMatch(expected.message);
  if (expected.hint !== undefined) expect(error.hint).toMatch(expected.hint);
  expect(fs.existsSync(t.root) ? snapshot(t.root) : null).toEqual(before);
  const asText = await t.pkg(...words);
  expect(asText.exit).toBe(expected.exit);
  expect(asText.err).toContain(`error[${expected.code}]: ${error.message}`);
}

describe('an archive', () => {
  test('that is none', async () => {
    const t = await lived();
    const file = path.join(t.home, 'notes.tgz');
    for (const content of ['', 'hello\n', gzipSync('hello\n')]) {
      fs.writeFileSync(file, content);
      for (const words of [
        ['install', '-y', file],
        ['inspect', file],
      ]) {
        const { exit, error } = await t.pkg(...words, '--json');
        expect({ exit, code: error.code }).toEqual({
          exit: 6,
          code: expect.stringMatching(/not-an-archive|archive-truncated/),
        });
        expect(error.message).toContain('notes.tgz');
        expect(error.hint).toMatch(/pkg build|copy it again/);
      }
    }
  });

  test('that is a folder, or is not there', async () => {
    const t = await lived();
    const folder = t.source('my web', '1.0.0');
    await expectRefused(t, ['install', '-y', folder], {
      exit: 6,
      code: 'not-an-archive',
      message: /it is a folder$/,
      hint: /^make an archive of it: pkg build '.*my web-1\.0\.0'$/,
    });
    await expectRefused(t, ['install', '-y', './nowhere.tgz'], {
      exit: 2,
      code: 'no-such-file',
      message: /nowhere\.tgz/,
    });
  });

  test('that was cut', async () => {
    const t = await lived();
    const file = await t.bundle('a', '2.0.0', { files: { noise: randomText(50_000) } });
    fs.truncateSync(file, fs.statSync(file).size - 1000);
    await expectRefused(t, ['install', '-y', file], { exit: 6, code: 'archive-truncated', message: /a-2\.0\.0\.tgz/ });
  });

  test('that was edited after it was built', async () => {
    const t = await lived();
    const file = await t.bundle('a', '2.0.0');
    const tar = gunzipSync(fs.readFileSync(file));
    tar.write('EVIL', tar.lastIndexOf('a 2.0.0\n'));
    fs.writeFileSync(file, gzipSync(tar));
    await expectRefused(t, ['install', '-y', file], { exit: 6, code: 'digest-mismatch', message: /data\.txt/ });
  });

  test('that is not the one asked for', async () => {
    const t = await lived();
    const file = await t.bundle('a', '2.0.0');
    await expectRefused(t, ['install', '-y', file, '--sha256', '0'.repeat(64)], { exit: 6, code: 'digest-mismatch' });
  });
});

describe('a bundle', () => {
  test('with mistakes in its manifest is not built, and all of them are shown', async () => {
    const t = workbench();
    const { exit, error } = await t.pkg('build', t.source('a', '1.0', { dependz: {}, hooks: {} }), '--json');
    expect(exit).toBe(2);
    expect(error.code).toBe('manifest-invalid');
    expect(error.message).toMatch(/bundle\.json:\d+:\d+ .*1\.0/);
    expect(error.message).toMatch(/dependz.*\n(.*\n)*.*depends/);
  });

  test('for another machine, without what it needs, or beside its enemy is refused', async () => {
    const t = await lived();
    const windows = await t.bundle('b', '1.0.0', { platform: { os: ['win32'] } });
    await expectRefused(t, ['install', '-y', windows], { exit: 3, code: 'platform', message: /win32/ });
    const needy = await t.bundle('c', '1.0.0', { depends: { libfoo: '>=2' } });
    await expectRefused(t, ['install', '-y', needy], {
      exit: 3,
      code: 'dependency',
      message: /c 1\.0\.0 needs libfoo >=2/,
    });
    const enemy = await t.bundle('d', '1.0.0', { conflicts: { a: '*' } });
    await expectRefused(t, ['install', '-y', enemy], { exit: 3, code: 'conflict', message: /d 1\.0\.0 .* a/ });
    const host = await t.bundle('e', '1.0.0', { host: { 'no-such-program-here': {} } });
    await expectRefused(t, ['install', '-y', host], { exit: 3, code: 'host', message: /no-such-program-here/ });
  });
});

describe('a root', () => {
  test('that is a file, or holds other things, is refused', async () => {
    const t = workbench();
    const a = await t.bundle('a', '1.0.0');
    fs.writeFileSync(t.root, 'mine');
    expect(await t.pkg('install', '-y', a, '--json')).toMatchObject({ exit: 3, error: { code: 'root-unusable' } });
    expect(fs.readFileSync(t.root, 'utf8')).toBe('mine');
    fs.rmSync(t.root);
    fs.mkdirSync(t.root);
    fs.writeFileSync(t.at('thesis.txt'), 'mine');
    await expectRefused(t, ['install', '-y', a], {
      exit: 3,
      code: 'root-unusable',
      message: /thesis\.txt/,
      hint: /--root DIR/,
    });
  });

  test('of a newer pkg is refused, also for reading', async () => {
    const t = await lived();
    t.tamper('root.json', '{"formatVersion":"2","id":"x"}');
    await expectRefused(t, ['remove', '-y', 'a'], { exit: 3, code: 'newer-format' });
    await expectRefused(t, ['list'], { exit: 3, code: 'newer-format' });
  });

  test('that somebody else changes right now is locked, until they are done', async () => {
    const t = await lived();
    const b = await t.bundle('b', '1.0.0');
    const slow = await t.bundle('a', '2.0.0', {
      hooks: { preinstall: 'until [ -e go ]; do touch here; sleep 0.05; done' },
    });
    const change = t.start(['install', '-y', slow]);
    await until('the hook runs', () => t.exists('transactions/2/scratch/a/here'));
    const busy = await t.pkg('install', '-y', b, '--json');
    expect(busy).toMatchObject({ exit: 4, error: { code: 'locked', hint: expect.stringContaining('--wait') } });
    expect(busy.error.message).toMatch(
      new RegExp(`pid ${change.child.pid} .pkg install -y .*a-2\\.0\\.0\\.tgz. since \\d\\d:\\d\\d`),
    );
    for (const words of [['pin', 'a'], ['gc'], ['tag', 'x'], ['verify', '--repair'], ['recover']])
      expect((await t.pkg(...words)).exit, words.join(' ')).toBe(4);
    expect((await t.pkg('install', '-y', b, '--wait=100ms')).exit).toBe(4);
    const patient = t.start(['install', '-y', b, '--wait']);
    fs.writeFileSync(t.at('transactions/2/scratch/a/go'), '');
    expect((await change.ended).exit).toBe(0);
    expect((await patient.ended).exit).toBe(0);
    expect(await t.installed()).toEqual(['a@2.0.0', 'b@1.0.0']);
  });

  test('cannot be changed by the hook of its own transaction', async () => {
    const t = await lived();
    const nested = await t.bundle('a', '2.0.0', {
      hooks: { preinstall: `"$PKG_NODE" "${path.resolve('dist/pkg.js')}" remove -y a --root "$PKG_ROOT"` },
    });
    const { exit, err } = await t.pkg('install', '-y', nested);
    expect(exit).toBe(1);
    expect(err).toContain('error[nested]');
    expect(await t.installed()).toEqual(['a@1.0.0']);
  });

  test('left in the middle by a crash is put right by the next command', async () => {
    const t = await lived();
    const before = snapshot(t.root);
    const slow = await t.bundle('a', '2.0.0', { hooks: { postinstall: 'touch here; exec sleep 60' } });
    const change = t.start(['install', '-y', slow]);
    await until('the hook runs after the switch', () => t.exists('transactions/2/scratch/a/here'));
    expect(fs.readlinkSync(t.at('current'))).toBe('generations/2');
    change.child.kill('SIGKILL');
    await change.ended;
    const next = await t.ok('pin', 'a', '--json');
    expect(next.events.find((event) => event.event === 'note').message).toMatch(/transaction 2 .* was undone first/);
    await t.ok('unpin', 'a');
    await t.ok('gc');
    fs.rmSync(t.at('settings.json'));
    expect(fs.readlinkSync(t.at('current'))).toBe('generations/1');
    expect((await t.ok('verify', '--json')).json.ok).toBe(true);
    expect(snapshot(t.at('store/a'))).toMatchObject(
      Object.fromEntries(
        Object.keys(snapshot(t.at('store/a'))).map((name) => [name, before[`store/a/${name}`] ?? expect.anything()]),
      ),
    );
  });
});

describe('damage by hand', () => {
  test('a missing `current` is put back by recover', async () => {
    const t = await lived();
    const before = snapshot(t.root);
    fs.rmSync(t.at('current'));
    expect(await t.pkg('list', '--json')).toMatchObject({
      exit: 5,
      error: { code: 'root-damaged', hint: 'pkg recover' },
    });
    await t.ok('recover');
    expect(snapshot(t.root)).toEqual(before);
  });

  test('a cut generation file is told, and written again by verify --repair', async () => {
    const t = await lived();
    const before = snapshot(t.root);
    fs.truncateSync(t.at('generations/1/generation.json'), 30);
    for (const words of [['list'], ['info', 'a']]) {
      const { exit, error } = await t.pkg(...words, '--json');
      expect({ exit, code: error.code, hint: error.hint }, words.join(' ')).toEqual({
        exit: 5,
        code: 'root-damaged',
        hint: expect.stringContaining('pkg verify --repair'),
      });
    }
    await t.ok('verify', '--repair');
    expect(snapshot(t.root)).toEqual(before);
  });

  test('a changed file of the store stops a change that would lose it', async () => {
    const t = await lived();
    const folder = path.relative(t.root, fs.realpathSync(t.at('current/bundles/a')));
    t.tamper(path.join(folder, 'data.txt'), 'mine\n');
    const newer = await t.bundle('a', '2.0.0');
    await expectRefused(t, ['install', '-y', newer], {
      exit: 3,
      code: 'drift',
      message: /data\.txt/,
      hint: /verify --repair/,
    });
    await t.ok('verify', '--repair');
    await t.ok('install', '-y', newer);
  });

  test('a bundle whose manifest was emptied does not keep others from being repaired', async () => {
    const t = await lived();
    const folder = path.relative(t.root, fs.realpathSync(t.at('current/bundles/a')));
    t.tamper(path.join(folder, 'bundle.json'), '');
    expect(await t.pkg('install', '-y', await t.bundle('b', '1.0.0'), '--json')).toMatchObject({
      exit: 1,
      error: { code: 'damaged', hint: expect.stringContaining('pkg verify --repair') },
    });
    await t.ok('verify', '--repair');
    await t.ok('install', '-y', await t.bundle('b', '1.0.0'));
  });
});

describe('a file system', () => {
  needsMounts();

  test('that is read-only can be read but not changed', async () => {
    const t = workbench();
    const memory = mountMemory(t.root, 'size=64m');
    const a = await t.bundle('a', '1.0.0');
    await t.ok('install', '-y', a);
    memory.remount('ro');
    for (const words of [
      ['list'],
      ['status'],
      ['history'],
      ['verify'],
      ['info', 'a'],
      ['why', 'a'],
      ['plan', 'remove', 'a'],
    ])
      expect((await t.pkg(...words)).exit, words.join(' ')).toBe(0);
    const b = await t.bundle('b', '1.0.0');
    for (const words of [
      ['install', '-y', b],
      ['remove', '-y', 'a'],
      ['gc'],
      ['pin', 'a'],
      ['recover'],
      ['verify', '--repair'],
      ['--root', t.at('a/new/root'), 'install', '-y', b],
    ])
      await expectRefused(t, words, { exit: 3, code: 'read-only', hint: /reading commands still work/ });
  });

  test('that is too small for a change refuses it before anything is unpacked', async () => {
    const t = workbench();
    mountMemory(t.root, 'size=24m');
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    const big = await t.bundle('b', '1.0.0', { files: { noise: randomText(12_000_000) } });
    await expectRefused(t, ['install', '-y', big], { exit: 3, code: 'no-space', message: /MiB/, hint: /pkg gc/ });
  });

  test('that has too few inodes says so', async () => {
    const t = workbench();
    mountMemory(t.root, 'nr_inodes=1200');
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    const many = await t.bundle('b', '1.0.0', {
      files: Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`file-${n}`, ''])),
    });
    await expectRefused(t, ['install', '-y', many], { exit: 3, code: 'no-space', message: /inodes/ });
  });

  test('that is full already is a clear refusal, also for the first change', async () => {
    const t = workbench();
    mountMemory(t.root, 'size=64k');
    fs.writeFileSync(t.at('.filler'), Buffer.alloc(60_000));
    const { exit, error } = await t.pkg('install', '-y', await t.bundle('a', '1.0.0'), '--json');
    expect({ exit, code: error.code }).toEqual({ exit: 3, code: 'no-space' });
    expect(t.exists('current')).toBe(false);
  });

  test.for(['tmp', 'store', 'generations'])('other than that of the root below %s is refused', async (folder) => {
    const t = await lived();
    const kept = path.join(t.home, 'kept');
    fs.cpSync(t.at(folder), kept, { recursive: true, verbatimSymlinks: true });
    mountMemory(t.at(folder), 'size=64m,mode=0755');
    fs.cpSync(kept, t.at(folder), { recursive: true, verbatimSymlinks: true });
    const { exit, error } = await t.pkg('install', '-y', await t.bundle('b', '1.0.0'), '--json');
    expect({ exit, code: error?.code }).toEqual({ exit: 3, code: 'root-unusable' });
    expect(error.message).toContain(t.at(folder));
    expect(error.message).toContain('another file system');
    expect(await t.installed()).toEqual(['a@1.0.0']);
  });
});

/** Text that does not compress, the same each time. */
function randomText(length: number): string {
  let state = 42;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += state.toString(36);
  }
  return text;
}
