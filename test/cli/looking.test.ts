import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { until, type Workbench, workbench } from '../support/pkg.ts';

/** perl 5.6 and its module, then both newer: two generations. */
async function twoGenerations(): Promise<Workbench> {
  const t = workbench();
  const outside = path.join(t.home, 'outside', 'perl.conf');
  const perl = (version: string) =>
    t.bundle('perl', version, {
      description: 'The language',
      label: `perl-${version}`,
      files: { 'bin/perl': `#!/bin/sh\necho ${version}\n`, 'etc/perl.conf': 'taint on\n', 'bin/perl5': '-> perl' },
      bin: { perl: 'bin/perl' },
      config: [{ path: 'etc/perl.conf' }],
      links: { [outside]: 'etc/perl.conf' },
    });
  const module = (version: string, range: string) => t.bundle('mod_perl', version, { depends: { perl: range } });
  const old = [await perl('5.6.0'), await module('1.26.0', '<5.8')];
  await t.ok('install', '-y', old[0] ?? '');
  await t.ok('install', '-y', old[1] ?? '');
  await t.ok('install', '-y', await perl('5.8.0'), await module('1.27.0', '>=5.8'));
  return t;
}

const READING = [
  ['list'],
  ['list', '--all'],
  ['status'],
  ['history'],
  ['verify'],
  ['diff'],
  ['pin'],
  ['tag'],
  ['info', 'perl'],
  ['files', 'perl'],
  ['why', 'perl'],
  ['upgradable', 'perl'],
  ['exec', '--', 'perl'],
] as const;

describe('every reading command', () => {
  test('works while a change runs and after it was interrupted, without touching the root', async () => {
    const t = await twoGenerations();
    const slow = await t.bundle('perl', '5.8.1', { hooks: { preinstall: 'touch here; exec sleep 60' } });
    const change = t.start(['install', '-y', slow]);
    await until('the hook runs', () => t.exists('transactions/4/scratch/perl/here'));
    for (const words of READING) expect(await t.pkg(...words), words.join(' ')).toMatchObject({ exit: 0 });
    change.child.kill('SIGKILL');
    await change.ended;
    const before = fs.readdirSync(t.root, { recursive: true }).toSorted();
    for (const words of READING) expect(await t.pkg(...words), words.join(' ')).toMatchObject({ exit: 0 });
    expect(fs.readdirSync(t.root, { recursive: true }).toSorted()).toEqual(before);
    await t.ok('recover');
  });

  test('answers in one document', async () => {
    const t = await twoGenerations();
    for (const words of READING.filter(([word]) => word !== 'exec')) {
      const { events } = await t.ok(...words, '--json');
      expect(events, words.join(' ')).toHaveLength(1);
      expect(events[0].formatVersion).toBe('1');
    }
  });

  test('says what was probably meant', async () => {
    const t = await twoGenerations();
    for (const word of ['info', 'files', 'why', 'upgradable']) {
      const { exit, error } = await t.pkg(word, 'prel', '--json');
      expect({ exit, error }, word).toMatchObject({
        exit: 1,
        error: { code: 'unknown-name', hint: `did you mean: pkg ${word} perl --json` },
      });
    }
  });

  test('finds nothing where there is no root, and makes none', async () => {
    const t = workbench();
    for (const words of [['list'], ['list', '--all'], ['status'], ['history'], ['verify'], ['diff'], ['pin'], ['tag']])
      expect(await t.pkg(...words), words.join(' ')).toMatchObject({ exit: 0 });
    for (const words of [
      ['info', 'a'],
      ['files', 'a'],
      ['why', 'a'],
      ['owner', 'a'],
      ['upgradable', 'a'],
    ])
      expect(await t.pkg(...words, '--json'), words.join(' ')).toMatchObject({
        exit: 1,
        error: { code: 'unknown-name' },
      });
    expect(fs.existsSync(t.root)).toBe(false);
  });
});

describe('info and files', () => {
  test('tell everything about an installed bundle', async () => {
    const t = await twoGenerations();
    fs.writeFileSync(t.at('current/etc/perl/perl.conf'), 'taint off\n');
    const { json } = await t.ok('info', 'perl', '--json');
    expect(json).toMatchObject({
      name: 'perl',
      version: '5.8.0',
      installed: true,
      explicit: true,
      neededBy: [{ name: 'mod_perl', as: 'perl', range: '>=5.8' }],
      since: { transaction: 3 },
      generations: [3],
      otherVersions: ['5.6.0'],
      config: [{ path: t.at('current/etc/perl/perl.conf'), state: 'edited' }],
      manifest: { description: 'The language', bin: { perl: 'bin/perl' } },
    });
    const { lines } = await t.ok('info', 'perl');
    expect(lines[0]).toBe('perl 5.8.0 (perl-5.8.0)');
    expect(lines).toContain(`config      ${t.at('current/etc/perl/perl.conf')} (edited)`);
    expect((await t.ok('files', 'perl')).lines).toContain(`${json.folder}/bin/perl`);
  });

  test('find a version that is only kept, also by its label, also when only its archive is left', async () => {
    const t = await twoGenerations();
    expect((await t.ok('info', 'perl@5.6.0', '--json')).json).toMatchObject({ version: '5.6.0', installed: false });
    expect((await t.ok('info', 'perl@perl-5.6.0', '--json')).json.version).toBe('5.6.0');
    expect((await t.ok('info', 'perl@<5.7', '--json')).json.version).toBe('5.6.0');
    expect(
      (await t.ok('files', 'perl@5.6.0', '--json')).json.files.map((file: { path: string }) => file.path),
    ).toContain('bin/perl5');
  });
});

describe('owner', () => {
  test('knows paths of every kind', async () => {
    const t = await twoGenerations();
    const { folder } = (await t.ok('info', 'perl', '--json')).json;
    fs.mkdirSync(t.at('data/perl'), { recursive: true });
    const cases: Readonly<Record<string, object>> = {
      [t.at('current/bin/perl')]: { bundle: 'perl', version: '5.8.0', file: 'bin/perl', kind: 'file' },
      perl: { bundle: 'perl', file: 'bin/perl', kind: 'file' },
      [t.at('current/bundles/perl')]: { file: '', kind: 'directory' },
      [`${folder}/bin/perl5`]: { file: 'bin/perl', kind: 'file' },
      [`${folder}/bundle.json`]: { file: 'bundle.json', kind: 'file' },
      [`${folder}/not/there`]: { file: 'not/there', kind: 'extra' },
      [t.at('current/etc/perl/perl.conf')]: {
        bundle: 'perl',
        version: '5.8.0',
        file: 'perl.conf',
        kind: 'configuration',
      },
      [path.join(t.home, 'outside', 'perl.conf')]: { bundle: 'perl', kind: 'configuration' },
      [t.at('data/perl/db')]: { bundle: 'perl', file: 'db', kind: 'data' },
    };
    for (const [word, expected] of Object.entries(cases))
      expect((await t.ok('owner', word, '--json')).json, word).toMatchObject(expected);
  });

  test('takes a link that leads round in a circle for what it is, wherever it stands in the path', async () => {
    const t = await twoGenerations();
    fs.mkdirSync(t.at('data/perl'), { recursive: true });
    fs.symlinkSync('round', t.at('data/perl/round'));
    const round = await t.ok('owner', t.at('data/perl/round'), '--json');
    expect(round.json).toMatchObject({ bundle: 'perl', file: 'round', kind: 'data' });
    const below = await t.ok('owner', t.at('data/perl/round/and/round'), '--json');
    expect(below.json).toMatchObject({ bundle: 'perl', file: 'round/and/round' });
    fs.symlinkSync('loop', path.join(t.home, 'loop'));
    for (const word of ['loop', './loop/x', 'x'.repeat(300)])
      expect(await t.pkg('owner', word, '--json'), word).toMatchObject({ exit: 1, error: { code: 'unknown-name' } });
  });

  test('says so when nobody owns it', async () => {
    const t = await twoGenerations();
    for (const word of ['/etc/passwd', t.at('root.json'), 'no-such-command'])
      expect(await t.pkg('owner', word, '--json'), word).toMatchObject({ exit: 1, error: { code: 'unknown-name' } });
  });
});

describe('why', () => {
  test('shows the tree of reasons and since when', async () => {
    const t = workbench();
    const c = await t.bundle('c', '1.0.0');
    const b = await t.bundle('b', '1.0.0', { depends: { c: '^1.0.0' } });
    const a = await t.bundle('a', '1.0.0', { depends: { b: '>=1' } });
    await t.ok('install', '-y', a, b, c);
    const { lines, json } = await t.ok('why', 'c').then(async (text) => ({
      lines: text.lines,
      json: (await t.ok('why', 'c', '--json')).json,
    }));
    expect(lines.slice(0, 3)).toEqual([
      'c 1.0.0, asked for',
      '  needed as c ^1.0.0 by b 1.0.0, asked for',
      '    needed as b >=1 by a 1.0.0, asked for',
    ]);
    expect(lines[3]).toMatch(/^since .*, transaction 1: pkg install -y /);
    expect(json).toMatchObject({
      name: 'c',
      neededBy: [{ as: 'c', by: { name: 'b', neededBy: [{ by: { name: 'a' } }] } }],
    });
  });
});

describe('diff', () => {
  test('compares the live generation with the one before, or any two, by number or tag', async () => {
    const t = await twoGenerations();
    await t.ok('tag', 'start', '1');
    expect((await t.ok('diff', '--json')).json).toEqual({
      formatVersion: '1',
      from: 2,
      to: 3,
      bundles: [
        { name: 'mod_perl', from: '1.26.0', to: '1.27.0', direction: 'up' },
        { name: 'perl', from: '5.6.0', to: '5.8.0', direction: 'up' },
      ],
    });
    expect((await t.ok('diff', '3', 'start', '--json')).json.bundles).toEqual([
      { name: 'mod_perl', from: '1.27.0', to: null, direction: 'remove' },
      { name: 'perl', from: '5.8.0', to: '5.6.0', direction: 'down' },
    ]);
    expect((await t.ok('diff', '2', '2')).out).toBe('');
    expect(await t.pkg('diff', '77', '--json')).toMatchObject({ exit: 1, error: { code: 'no-such-generation' } });
  });

  test('names the files that differ when asked', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('a', '1.0.0', { files: { same: 'x', gone: 'x', other: 'x' } }));
    await t.ok('install', '-y', await t.bundle('a', '2.0.0', { files: { same: 'x', fresh: 'x', other: 'y' } }));
    expect((await t.ok('diff', '--files', '--json')).json.files).toEqual([
      { bundle: 'a', path: 'data.txt', change: 'changed' },
      { bundle: 'a', path: 'fresh', change: 'added' },
      { bundle: 'a', path: 'gone', change: 'removed' },
      { bundle: 'a', path: 'other', change: 'changed' },
    ]);
  });
});

describe('upgradable', () => {
  test('says yes upwards, and downwards only where the newer bundle declares the way', async () => {
    const t = await twoGenerations();
    const declared = await t.bundle('perl', '5.10.0', {
      upgrade: { up: [{ from: '5.8.x', steps: [{ run: 'true' }] }], down: [{ to: '5.8.x', steps: [] }] },
    });
    expect((await t.ok('upgradable', declared, '--json')).json).toEqual({
      formatVersion: '1',
      name: 'perl',
      from: '5.8.0',
      to: '5.10.0',
      upgradable: true,
      class: 'none',
      path: [{ from: '5.8.0', to: '5.10.0', class: 'none', steps: [{ run: 'true' }] }],
      reason: null,
      back: {
        upgradable: true,
        class: 'none',
        path: [{ from: '5.10.0', to: '5.8.0', class: 'none', steps: [] }],
        reason: null,
      },
    });
    expect((await t.ok('upgradable', 'perl@5.6.0', '--json')).json).toMatchObject({
      from: '5.8.0',
      to: '5.6.0',
      upgradable: false,
      reason: 'perl 5.8.0 declares no way down to 5.6.0',
    });
    expect((await t.ok('upgradable', 'perl@5.8.0', '--from', '5.6.0', '--json')).json).toMatchObject({
      from: '5.6.0',
      upgradable: true,
      back: { upgradable: false, reason: 'perl 5.8.0 declares no way down to 5.6.0' },
    });
    await t.ok('install', '-y', declared, '--ignore-depends', 'mod_perl');
    expect((await t.ok('upgradable', 'perl@5.8.0')).out).toBe(
      'perl 5.10.0 -> 5.8.0: yes, class none; back: yes, class none\n',
    );
    expect(await t.pkg('upgradable', './nowhere.tgz')).toMatchObject({ exit: 2 });
  });
});
