import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Generation } from '../../src/model/index.ts';
import {
  createRoot,
  discard,
  foldersInUse,
  layoutOf,
  openRoot,
  pointTo,
  readGeneration,
  readPointer,
  readPolicy,
  sweep,
  writeGeneration,
  writePolicy,
} from '../../src/store/index.ts';
import { removeTree } from '../../src/system/index.ts';

function tempFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-store-'));
  onTestFinished(() => removeTree(folder));
  return folder;
}

const tempRoot = () => createRoot(path.join(tempFolder(), 'root'));

const empty = (number: number): Generation => ({
  formatVersion: '1',
  number,
  parent: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  bundles: [],
  config: {},
});

describe('a root', () => {
  test('is made once and found again with the same identity', () => {
    const layout = tempRoot();
    const identity = fs.readFileSync(layout.identity, 'utf8');
    createRoot(layout.root);
    expect(fs.readFileSync(layout.identity, 'utf8')).toBe(identity);
    expect(openRoot(layout.root)?.root).toBe(layout.root);
  });

  test('is not made in a folder that holds other things', () => {
    const folder = tempFolder();
    fs.writeFileSync(path.join(folder, 'thesis.tex'), '');
    expect(() => createRoot(folder)).toThrow(expect.objectContaining({ code: 'root-unusable' }));
    expect(fs.readdirSync(folder)).toEqual(['thesis.tex']);
  });

  test('whose creation was cut short is finished by the next', () => {
    const folder = tempFolder();
    fs.mkdirSync(path.join(folder, 'generations'));
    fs.writeFileSync(path.join(folder, '.root.json.123.tmp'), '{');
    expect(openRoot(folder)).toBeNull();
    expect(openRoot(createRoot(folder).root)).not.toBeNull();
  });

  test('of a newer format is refused for reading and for changing', () => {
    const layout = tempRoot();
    fs.writeFileSync(layout.identity, '{"formatVersion":"2","id":"x"}');
    expect(() => openRoot(layout.root)).toThrow(expect.objectContaining({ code: 'newer-format' }));
    expect(() => createRoot(layout.root)).toThrow(expect.objectContaining({ code: 'newer-format' }));
  });

  test('that is a file is no root', () => {
    const file = path.join(tempFolder(), 'file');
    fs.writeFileSync(file, '');
    expect(() => openRoot(file)).toThrow(expect.objectContaining({ code: 'root-unusable' }));
  });
});

describe('a generation', () => {
  test('reads back as it was written', () => {
    const layout = tempRoot();
    writeGeneration(layout, empty(1), { bin: { web: 'bundles/web/bin/web' }, links: { 'web/0': 'etc/web/web.conf' } });
    expect(readGeneration(layout, 1)).toEqual(empty(1));
    expect(fs.readlinkSync(path.join(layout.generation(1), 'bin/web'))).toBe('../bundles/web/bin/web');
    expect(fs.readlinkSync(path.join(layout.generation(1), 'links/web/0'))).toBe('../../etc/web/web.conf');
  });

  test.each([
    ['cut short', (text: string) => text.slice(0, text.length / 2)],
    ['changed', (text: string) => text.replace('"number": 1', '"number": 2')],
    ['emptied', () => ''],
  ])('that was %s is never believed', (_how, damage) => {
    const layout = tempRoot();
    writeGeneration(layout, empty(1), { bin: {}, links: {} });
    const file = layout.generationFile(1);
    fs.writeFileSync(file, damage(fs.readFileSync(file, 'utf8')));
    expect(() => readGeneration(layout, 1)).toThrow(expect.objectContaining({ code: 'root-damaged' }));
  });

  test('that does not exist is null', () => {
    expect(readGeneration(tempRoot(), 7)).toBeNull();
  });
});

describe('current', () => {
  test('is absent, then names the generation it was pointed to', () => {
    const layout = tempRoot();
    expect(readPointer(layout)).toEqual({ kind: 'absent' });
    pointTo(layout, 3);
    expect(readPointer(layout)).toEqual({ kind: 'generation', number: 3 });
    pointTo(layout, null);
    expect(readPointer(layout)).toEqual({ kind: 'absent' });
  });

  test.each(['generations/../etc', '/generations/1', 'generations/01', 'somewhere'])(
    'pointing to %s is damaged',
    (target) => {
      const layout = tempRoot();
      fs.symlinkSync(target, layout.current);
      expect(readPointer(layout)).toEqual({ kind: 'damaged' });
    },
  );
});

describe('the trash', () => {
  test('takes read-only trees of the same name, and is swept', () => {
    const layout = tempRoot();
    for (const round of ['a', 'b']) {
      const folder = path.join(layout.store, 'web');
      fs.mkdirSync(path.join(folder, round), { recursive: true });
      fs.writeFileSync(path.join(folder, round, 'file'), round, { mode: 0o444 });
      fs.chmodSync(path.join(folder, round), 0o555);
      fs.chmodSync(folder, 0o555);
      discard(layout, folder);
    }
    expect(fs.readdirSync(layout.trash)).toEqual(['web.1', 'web.2']);
    sweep(layout);
    expect(fs.readdirSync(layout.trash)).toEqual([]);
  });
});

describe('what a write that was cut short leaves', () => {
  test('goes wherever it lies, unless its writer lives', () => {
    const layout = tempRoot();
    const folders = [layout.root, layout.run, layout.checksOf('web'), layout.maintenance('web')];
    for (const folder of folders) {
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(path.join(folder, '.file.json.4194999.tmp'), 'half');
    }
    const living = path.join(layout.run, `.web.server.json.${process.pid}.tmp`);
    fs.writeFileSync(living, 'half');
    sweep(layout);
    const left = fs
      .readdirSync(layout.root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.tmp'));
    expect(left).toEqual([path.relative(layout.root, living)]);
  });
});

describe('folders in use', () => {
  test('are those a live process works in, and not their neighbours', async () => {
    const folder = tempFolder();
    const [used, unused] = ['used', 'unused'].map((name) => path.join(folder, name)) as [string, string];
    for (const name of [used, unused]) fs.mkdirSync(name);
    const child = spawn('sleep', ['60'], { cwd: used });
    await once(child, 'spawn');
    try {
      // Only root sees into every process; for others, what is hidden counts as using everything.
      if (process.getuid?.() === 0) expect([...foldersInUse([used, unused]).keys()]).toEqual([used]);
      else expect([...foldersInUse([used, unused]).keys()]).toContain(used);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    if (process.getuid?.() === 0) expect(foldersInUse([used, unused]).size).toBe(0);
  });
});

describe('the policy', () => {
  test('has defaults and reads back what was decided', () => {
    const layout = tempRoot();
    expect(readPolicy(layout)).toEqual({ keep: 3, pins: {}, protected: [], tags: {}, windows: {}, notify: {} });
    writePolicy(layout, { ...readPolicy(layout), pins: { web: '^1' } });
    expect(readPolicy(layout).pins).toEqual({ web: '^1' });
  });

  test.each([
    ['{"keep":0}', 'keep must be a whole number'],
    ['{"pins":{"web":"not a range"}}', "'not a range' of web is not a version range"],
    ['{"windows":{"night":{"cron":"0 3 * * *"}}}', 'windows: night needs cron, duration and zone'],
    ['{"notify":{"chat":{"run":[]}}}', 'notify: chat needs run'],
    ['{', 'settings.json'],
  ])('%s is refused by name', (text, message) => {
    const layout = layoutOf(tempRoot().root);
    fs.writeFileSync(layout.policy, text);
    expect(() => readPolicy(layout)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) }),
    );
  });
});
