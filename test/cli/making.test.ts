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
    expect(again.error.message).toContain('bundle.json is there already');
    expect(fs.readFileSync(path.join(t.home, 'web', 'bundle.json'), 'utf8')).toBe('mine');
    expect(await t.pkg('init', 'other', '--template', 'statik', '--json')).toMatchObject({
      exit: 2,
      error: { hint: 'did you mean static?' },
    });
    expect(fs.existsSync(path.join(t.home, 'other'))).toBe(false);
  });

  test('begins where nothing is yet, or only a repository', async () => {
    const t = workbench();
    fs.mkdirSync(path.join(t.home, 'fresh', '.git'), { recursive: true });
    await t.ok('init', 'fresh');
    fs.mkdirSync(path.join(t.home, 'full'));
    fs.writeFileSync(path.join(t.home, 'full', 'notes.txt'), 'mine');
    expect((await t.pkg('init', 'full', '--json')).error.message).toContain('notes.txt is there already');
    expect(fs.readdirSync(path.join(t.home, 'full'))).toEqual(['notes.txt']);
    expect((await t.pkg('init', 'full/notes.txt', '--json')).error.message).toContain('it is no folder');
  });

  test('says how to go on, in words a shell understands', async () => {
    const t = workbench();
    expect((await t.ok('init', 'My Site')).err).toBe("next: pkg build 'My Site'\n");
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
      error: { code: 'unknown-name', hint: 'did you mean locked?' },
    });
  });
});
