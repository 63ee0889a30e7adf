import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Wish, type Workbench, workbench } from '../support/pkg.ts';

const outside = (t: Workbench, name = 'web.conf'): string => path.join(t.home, 'outside', name);

/** A bundle that puts its configuration and a page where another program looks for them. */
function web(t: Workbench, version: string, wish: Wish = {}): Promise<string> {
  return t.bundle('web', version, {
    files: { 'etc/web.conf': `version ${version}\n`, page: `page ${version}\n`, ...wish.files },
    config: [{ path: 'etc/web.conf' }],
    links: { [outside(t)]: 'etc/web.conf', [outside(t, 'page')]: 'page' },
    ...wish,
  });
}

const read = (t: Workbench, name?: string): string => fs.readFileSync(outside(t, name), 'utf8');
const names = (t: Workbench): readonly string[] => fs.readdirSync(path.dirname(outside(t)));

describe('a link outside the root', () => {
  test('leads through current to the file in use, is owned and verified, and goes with its bundle', async () => {
    const t = workbench();
    await t.ok('install', '-y', await web(t, '1.0.0'));
    expect(fs.readlinkSync(outside(t))).toMatch(new RegExp(`^${t.at('current/links/web/')}`));
    fs.writeFileSync(outside(t), 'edited\n');
    expect(t.read('current/etc/web/web.conf')).toBe('edited\n');
    expect((await t.ok('owner', '--json', outside(t, 'page'))).json).toMatchObject({ bundle: 'web', file: 'page' });
    await t.ok('install', '-y', await web(t, '1.1.0'));
    expect([read(t), read(t, 'page')]).toEqual(['edited\n', 'page 1.1.0\n']);
    await t.ok('rollback', '-y');
    expect([read(t), read(t, 'page')]).toEqual(['edited\n', 'page 1.0.0\n']);
    fs.rmSync(outside(t, 'page'));
    const damaged = await t.pkg('verify');
    expect(damaged.exit).toBe(1);
    expect(damaged.out + damaged.err).toContain(outside(t, 'page'));
    await t.ok('verify', '--repair', '-y');
    expect(read(t, 'page')).toBe('page 1.0.0\n');
    await t.ok('remove', '-y', 'web');
    expect(names(t)).toEqual([]);
  });

  test('that a version no longer has is removed with it; one that is new comes; both are undone', async () => {
    const t = workbench();
    await t.ok('install', '-y', await web(t, '1.0.0'));
    const links = { [outside(t, 'a-new')]: 'page', [outside(t, 'page')]: 'page' };
    const failed = await t.pkg('install', '-y', await web(t, '2.0.0', { links, hooks: { postinstall: 'exit 1' } }));
    expect(failed.exit).toBe(1);
    expect(names(t)).toEqual(['page', 'web.conf']);
    expect([read(t), read(t, 'page')]).toEqual(['version 1.0.0\n', 'page 1.0.0\n']);
    await t.ok('install', '-y', await web(t, '2.0.0', { links }));
    expect(names(t)).toEqual(['a-new', 'page']);
    expect([read(t, 'a-new'), read(t, 'page')]).toEqual(['page 2.0.0\n', 'page 2.0.0\n']);
    expect((await t.pkg('remove', '-y', 'web')).exit).toBe(0);
    expect(names(t)).toEqual([]);
  });

  test("never takes the place of a stranger's file: refused before, undone when it comes in the middle", async () => {
    const t = workbench();
    fs.mkdirSync(path.dirname(outside(t)));
    fs.writeFileSync(outside(t), 'of the distribution\n');
    const refused = await t.pkg('install', '-y', '--json', await web(t, '1.0.0'));
    expect(refused).toMatchObject({ exit: 3, error: { code: 'clash' } });
    expect(refused.error.message).toContain(outside(t));
    fs.rmSync(outside(t));
    const hooks = { preinstall: `echo of a hook > '${outside(t)}'` };
    const undone = await t.pkg('install', '-y', '--json', await web(t, '1.0.0', { hooks }));
    expect(undone).toMatchObject({ exit: 1, error: { code: 'clash' } });
    expect(read(t)).toBe('of a hook\n');
    expect(names(t)).toEqual(['web.conf']);
  });

  test('that somebody has put a file in place of stays theirs, also when the bundle goes', async () => {
    const t = workbench();
    await t.ok('install', '-y', await web(t, '1.0.0'));
    fs.rmSync(outside(t));
    fs.writeFileSync(outside(t), 'mine now\n');
    expect((await t.pkg('install', '-y', '--json', await web(t, '2.0.0'))).error.code).toBe('clash');
    await t.ok('remove', '-y', 'web');
    expect(names(t)).toEqual(['web.conf']);
    expect(read(t)).toBe('mine now\n');
  });
});
