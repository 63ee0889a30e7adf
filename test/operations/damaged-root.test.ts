import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { snapshot, type Workbench, workbench } from '../support/pkg.ts';

/** A root where web went from 1.0.0 (generation 1) to 2.0.0 (generation 2), and the archive of 3.0.0. */
async function upgraded(): Promise<{ readonly t: Workbench; readonly next: string }> {
  const t = workbench();
  const config = { config: [{ path: 'etc/web.conf' }], files: { 'etc/web.conf': 'port 80\n' } };
  await t.ok('install', '-y', await t.bundle('web', '1.0.0', config));
  await t.ok('install', '-y', await t.bundle('web', '2.0.0', config));
  return { t, next: await t.bundle('web', '3.0.0', config) };
}

const live = (t: Workbench): string => fs.readlinkSync(t.at('current'));

/** Takes a read-only folder or file of the root away. */
function lose(t: Workbench, file: string): void {
  fs.chmodSync(path.dirname(t.at(file)), 0o755);
  fs.renameSync(t.at(file), path.join(t.home, path.basename(file)));
}

const liveBundle = (t: Workbench, file: string): string =>
  path.join(path.relative(fs.realpathSync(t.root), fs.realpathSync(t.at('current/bundles/web'))), file);

describe('a cut record of the live generation', () => {
  test('is written again from the journal before a change, which never falls back to an older generation', async () => {
    const { t } = await upgraded();
    const before = snapshot(t.at('generations'));
    fs.truncateSync(t.at('generations/2/generation.json'), 40);
    const { err } = await t.ok('pin', 'web@2.0.0');
    expect(err).toContain('warning: the record of generation 2 was damaged; it was written again from the journal');
    expect(live(t)).toBe('generations/2');
    expect(snapshot(t.at('generations'))).toEqual(before);
  });

  test('is restored by recover, also when it is gone', async () => {
    const { t } = await upgraded();
    const before = snapshot(t.root);
    fs.rmSync(t.at('generations/2/generation.json'));
    await t.ok('recover');
    expect(snapshot(t.root)).toEqual(before);
    expect(await t.installed()).toEqual(['web@2.0.0']);
  });

  test('stops every change when the journal is lost as well', async () => {
    const { t, next } = await upgraded();
    fs.truncateSync(t.at('generations/2/generation.json'), 40);
    fs.rmSync(t.at('transactions/2'), { recursive: true });
    for (const words of [['recover'], ['install', '-y', next]]) {
      const { exit, error, json } = await t.pkg(...words, '--json');
      const found = { exit, code: error.code, outcome: json.outcome };
      expect(found, words.join(' ')).toEqual({ exit: 5, code: 'root-damaged', outcome: 'needs-recovery' });
      expect(error.hint).toContain('pkg verify --repair');
    }
    expect(live(t)).toBe('generations/2');
  });

  test('is told by a dry run as something that stopped it, not as a change that went wrong', async () => {
    const { t, next } = await upgraded();
    fs.truncateSync(t.at('generations/2/generation.json'), 40);
    const asText = await t.pkg('install', '--dry-run', next);
    expect(asText.exit).toBe(5);
    expect(asText.err + asText.out).not.toContain('not fully undone');
    expect(asText.err).toContain('nothing was changed, generation 2 is live, but the root is damaged');
    const { exit, json } = await t.pkg('install', '--dry-run', '--json', next);
    expect(exit).toBe(5);
    expect(json).toMatchObject({ outcome: 'needs-recovery', refusal: { code: 'root-damaged' } });
  });
});

const PARTS: Readonly<Record<string, (t: Workbench) => void>> = {
  'manifest of a live bundle': (t) => lose(t, liveBundle(t, 'bundle.json')),
  'live bundle': (t) => lose(t, liveBundle(t, '')),
  'live configuration': (t) => lose(t, 'config/web/2'),
  'folder of the live generation': (t) => lose(t, 'generations/2'),
};

describe('a live generation that misses something else', () => {
  test.for(Object.keys(PARTS))('stays live and stops every change until it is repaired: the %s', async (part) => {
    const { t, next } = await upgraded();
    const before = snapshot(t.root);
    PARTS[part]?.(t);
    for (const words of [['install', '-y', next], ['gc'], ['recover']]) {
      const { exit, err } = await t.pkg(...words);
      expect({ exit, live: live(t) }, words.join(' ')).toEqual({ exit: 5, live: 'generations/2' });
      expect(err).toContain('error[root-damaged]');
      expect(err).toContain('hint: pkg verify --repair');
    }
    await t.ok('verify', '--repair');
    expect(snapshot(t.root)).toEqual(before);
    await t.ok('install', '-y', next);
  });
});

describe('a pointer that names no generation', () => {
  const LINKS: Readonly<Record<string, (t: Workbench) => void>> = {
    absent: () => {},
    garbage: (t) => fs.symlinkSync('somewhere', t.at('current')),
    'to a number that never was': (t) => fs.symlinkSync('generations/77', t.at('current')),
  };

  test.for(Object.keys(LINKS))('leads to the newest committed generation again: %s', async (link) => {
    const { t } = await upgraded();
    fs.rmSync(t.at('current'));
    LINKS[link]?.(t);
    expect((await t.ok('recover')).err).toContain('current points to generation 2 again');
    expect(live(t)).toBe('generations/2');
  });
});

describe('a root whose root.json was deleted', () => {
  test('is not taken for a new one, and recover gives it a new one', async () => {
    const { t, next } = await upgraded();
    const identity = t.read('root.json');
    fs.rmSync(t.at('root.json'));
    for (const words of [['list'], ['install', '-y', next], ['gc'], ['pin', 'web@2.0.0'], ['verify', '--repair']]) {
      const { exit, err } = await t.pkg(...words);
      expect(exit, words.join(' ')).toBe(5);
      expect(err).toContain('error[root-damaged]');
      expect(err).toContain('hint: pkg recover');
    }
    expect(t.exists('root.json')).toBe(false);
    const again = 'it was written again, with the id from the journal';
    expect((await t.ok('recover')).err).toContain(`warning: ${t.at('root.json')} was missing; ${again}`);
    expect(t.read('root.json')).toBe(identity);
    expect(await t.installed()).toEqual(['web@2.0.0']);
    await t.ok('install', '-y', next);
  });
});

const SPOILT: Readonly<Record<string, (identity: string) => string>> = {
  'cut in half': (identity) => identity.slice(0, identity.length / 2),
  'of zeroes': (identity) => '\0'.repeat(identity.length),
  'without a format': (identity) => identity.replace('formatVersion', 'formatWersion'),
  'without an id': (identity) => identity.replace('"id"', '"ie"'),
};

describe('a damaged root.json', () => {
  test.for(Object.keys(SPOILT))(
    '%s: stops every command, until recover writes it again with the same id',
    async (how) => {
      const { t, next } = await upgraded();
      const identity = t.read('root.json');
      const spoilt = SPOILT[how]?.(identity) ?? '';
      fs.writeFileSync(t.at('root.json'), spoilt);
      for (const words of [['list'], ['install', '-y', next], ['verify', '--repair']]) {
        const { exit, err } = await t.pkg(...words);
        expect({ exit, err }, words.join(' ')).toEqual({
          exit: 5,
          err: expect.stringContaining('root.json is damaged'),
        });
        expect(err).toContain('hint: pkg recover');
      }
      expect(t.read('root.json')).toBe(spoilt);
      expect((await t.ok('recover')).err).toContain('root.json was damaged; it was written again');
      expect(t.read('root.json')).toBe(identity);
      await t.ok('install', '-y', next);
    },
  );

  test('with no journal left gets a new id', async () => {
    const { t } = await upgraded();
    fs.writeFileSync(t.at('root.json'), '');
    fs.rmSync(t.at('transactions'), { recursive: true });
    expect((await t.ok('recover')).err).toContain('root.json was damaged; a new one was written');
    expect(await t.installed()).toEqual(['web@2.0.0']);
  });
});

describe('collecting garbage', () => {
  test('goes on beside a cut record of an old generation', async () => {
    const { t, next } = await upgraded();
    await t.ok('install', '-y', next);
    fs.truncateSync(t.at('generations/1/generation.json'), 40);
    await t.ok('gc', '--keep', '1');
    expect(fs.readdirSync(t.at('generations'))).toEqual(['3']);
    expect(fs.readdirSync(t.at('store/web')).filter((name) => !name.includes('3.0.0'))).toEqual([]);
  });

  test('leaves a generation alone whose record nobody can read, and everything it holds', async () => {
    const { t, next } = await upgraded();
    await t.ok('install', '-y', next);
    fs.truncateSync(t.at('generations/1/generation.json'), 40);
    fs.rmSync(t.at('transactions/1'), { recursive: true });
    await t.ok('gc', '--keep', '1');
    expect(fs.readdirSync(t.at('generations')).toSorted()).toEqual(['1', '3']);
    expect(t.read('generations/1/bundles/web/data.txt')).toBe('web 1.0.0\n');
    expect(t.read('generations/1/etc/web/web.conf')).toBe('port 80\n');
    expect(fs.readdirSync(t.at('store/web')).filter((name) => name.includes('2.0.0'))).toEqual([]);
  });

  test('leaves nothing of a store folder that no generation names', async () => {
    const { t } = await upgraded();
    fs.mkdirSync(t.at('store/lost/1.0.0-0123456789ab'), { recursive: true });
    fs.writeFileSync(t.at('store/lost/.sealed-1.0.0-0123456789ab'), '');
    await t.ok('gc');
    expect(fs.readdirSync(t.at('store'))).toEqual(['web']);
  });
});

test('a root that lost its generations, with or without current, is not called empty, and is made whole again', async () => {
  const { t, next } = await upgraded();
  for (const lost of [['generations'], ['generations', 'current'], ['generations/2'], ['generations/2', 'current']]) {
    for (const name of lost) lose(t, name);
    for (const words of [['list'], ['recover'], ['install', '-y', next]]) {
      const { exit, err } = await t.pkg(...words);
      expect(`${exit} ${err}`, `${lost.join(' and ')}: ${words.join(' ')}`).toContain('5 error[root-damaged]');
      if (words[0] !== 'list') expect(err).toContain('pkg verify --repair');
    }
    await t.ok('verify', '--repair');
    await t.ok('verify');
    expect(await t.installed(), lost.join(' and ')).toEqual(['web@2.0.0']);
    expect(live(t)).toBe('generations/2');
    for (const name of lost) fs.rmSync(path.join(t.home, path.basename(name)), { recursive: true });
  }
});

test('archives on a disk that is away keep nobody from going back or recovering, and refuse what has to be kept', async () => {
  const { t, next } = await upgraded();
  fs.renameSync(t.at('archives'), path.join(t.home, 'disk'));
  fs.symlinkSync(path.join(t.home, 'disk'), t.at('archives'));
  fs.renameSync(path.join(t.home, 'disk'), path.join(t.home, 'away'));
  expect(await t.pkg('install', '-y', next, '--json')).toMatchObject({
    exit: 3,
    error: { code: 'root-unusable', message: expect.stringContaining('which is not there') },
  });
  fs.rmSync(t.at('current'));
  await t.ok('recover');
  await t.ok('rollback', '-y');
  expect(await t.installed()).toEqual(['web@1.0.0']);
  fs.renameSync(path.join(t.home, 'away'), path.join(t.home, 'disk'));
  await t.ok('install', '-y', next);
  await t.ok('verify', '--all');
});

test('of generations that failed after the switch only the newest stays to be looked at', async () => {
  const { t } = await upgraded();
  const broken = await t.bundle('web', '3.0.0', { hooks: { postinstall: 'exit 1' } });
  for (const made of ['3', '4', '5']) {
    expect((await t.pkg('install', '-y', broken)).exit).toBe(1);
    expect(fs.readdirSync(t.at('generations')).toSorted()).toEqual(['1', '2', made]);
  }
  await t.ok('rollback', '-y');
  expect(fs.readdirSync(t.at('generations')).toSorted()).toEqual(['1', '2', '6']);
});
