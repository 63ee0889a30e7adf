import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { CODES } from '../../src/error.ts';
import { workbench } from '../support/pkg.ts';

describe('init', () => {
  test.for(['static', 'hooks'])('%s: the folder builds and installs as it is', async (template) => {
    const t = workbench();
    const folder = path.join(t.home, 'My Site');
    const made = await t.ok('init', folder, '--template', template, '--json');
    expect(made.json).toMatchObject({ folder, name: 'my-site' });
    const built = await t.ok('build', folder, '-o', t.home);
    await t.ok('install', '-y', built.out.trim());
    expect(await t.installed()).toEqual(['my-site@1.0.0']);
    const { files } = (await t.ok('files', 'my-site', '--json')).json;
    expect(files.map((file: { path: string }) => file.path)).not.toContain('bundle.schema.json');
  });

  test('gives editors a schema that is there', async () => {
    const t = workbench();
    await t.ok('init', 'web');
    const manifest = JSON.parse(fs.readFileSync(path.join(t.home, 'web', 'bundle.json'), 'utf8'));
    const schema = JSON.parse(fs.readFileSync(path.join(t.home, 'web', manifest.$schema), 'utf8'));
    expect(schema.properties).toHaveProperty('depends');
  });

  test('writes over nothing', async () => {
    const t = workbench();
    await t.ok('init', 'web');
    fs.writeFileSync(path.join(t.home, 'web', 'bundle.json'), 'mine');
    const again = await t.pkg('init', 'web', '--json');
    expect(again).toMatchObject({ exit: 2, error: { code: 'usage' } });
    expect(again.error.message).toContain('bundle.json already exists');
    expect(fs.readFileSync(path.join(t.home, 'web', 'bundle.json'), 'utf8')).toBe('mine');
    expect(await t.pkg('init', 'other', '--template', 'statik', '--json')).toMatchObject({
      exit: 2,
      error: { hint: 'did you mean: pkg init other --template static --json' },
    });
    expect(fs.existsSync(path.join(t.home, 'other'))).toBe(false);
  });

  test('begins where nothing is yet, or only a repository', async () => {
    const t = workbench();
    fs.mkdirSync(path.join(t.home, 'fresh', '.git'), { recursive: true });
    await t.ok('init', 'fresh');
    fs.mkdirSync(path.join(t.home, 'full'));
    fs.writeFileSync(path.join(t.home, 'full', 'notes.txt'), 'mine');
    expect((await t.pkg('init', 'full', '--json')).error.message).toContain('notes.txt already exists');
    expect(fs.readdirSync(path.join(t.home, 'full'))).toEqual(['notes.txt']);
    expect((await t.pkg('init', 'full/notes.txt', '--json')).error.message).toContain('it is not a folder');
  });

  test('says how to go on, in words a shell understands', async () => {
    const t = workbench();
    expect((await t.ok('init', 'My Site')).err).toBe("next: pkg build 'My Site'\n");
  });
});

describe('prebuild', () => {
  test('runs in the folder before it is packed, knows the versions before, and stays at home', async () => {
    const t = workbench();
    const before = await t.bundle('web', '1.0.0');
    const make = '#!/bin/sh\necho "$PKG_NAME $PKG_VERSION $WORD $1" >made.txt\nbasename "$PKG_EARLIER"\n';
    const folder = t.source('web', '1.1.0', {
      files: { 'tools/make': make },
      prebuild: ['tools/make', 'now'],
      include: ['*.txt'],
    });
    const built = await t.run(['build', folder, '--against', before], { env: { WORD: 'of the caller' } });
    expect(built).toMatchObject({ exit: 0, err: 'web-1.0.0.tgz\n' });
    expect(built.lines).toHaveLength(1);
    await t.ok('install', '-y', built.lines[0] ?? '');
    expect(t.read('current', 'bundles', 'web', 'made.txt')).toBe('web 1.1.0 of the caller now\n');
    expect(t.exists('current', 'bundles', 'web', 'tools')).toBe(false);
    expect(JSON.parse(t.read('current', 'bundles', 'web', 'bundle.json'))).not.toHaveProperty('prebuild');
  });

  test.for([
    ['exit 3', 'it ended with exit status 3'],
    ['kill -9 $$', 'it was ended by SIGKILL'],
  ] as const)('that ends by %s packs nothing', async ([line, why]) => {
    const t = workbench();
    const folder = t.source('web', '1.0.0', { files: { make: `#!/bin/sh\n${line}\n` }, prebuild: ['./make'] });
    const failed = await t.pkg('build', folder, '--json');
    expect(failed).toMatchObject({ exit: 1, error: { code: 'prebuild-failed' } });
    expect(failed.error.message).toBe(`prebuild of web 1.0.0, ./make: ${why}`);
    expect(fs.existsSync(path.join(t.home, 'web-1.0.0.tgz'))).toBe(false);
  });

  test('that is not there is named', async () => {
    const t = workbench();
    const failed = await t.pkg('build', t.source('web', '1.0.0', { prebuild: ['./make'] }), '--json');
    expect(failed).toMatchObject({ exit: 1, error: { code: 'prebuild-failed' } });
    expect(failed.error.message).toMatch(/it could not be started: .*ENOENT/);
  });
});

describe('explain', () => {
  test('says what a code means and what to do', async () => {
    const t = workbench();
    const { lines } = await t.ok('explain', 'locked');
    expect(lines).toEqual(['locked (exit 4)', CODES.locked.means, `To do: ${CODES.locked.todo}`]);
    expect((await t.ok('explain', 'locked', '--json')).json).toMatchObject({ code: 'locked', exit: 4 });
  });

  test('lists all codes, and finds the one that was meant', async () => {
    const t = workbench();
    expect((await t.ok('explain')).lines).toHaveLength(Object.keys(CODES).length);
    expect(await t.pkg('explain', 'loked', '--json')).toMatchObject({
      exit: 1,
      error: { code: 'unknown-name', hint: 'did you mean: pkg explain locked --json' },
    });
  });
});
