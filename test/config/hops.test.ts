import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { type Wish, type Workbench, workbench } from '../support/pkg.ts';
import { onTerminal } from '../support/terminal.ts';

const MIGRATE = { steps: [{ migrate: 'bin/migrate' }] };

/** A version that reads the data of the one before only: 3 is reached by way of 2. */
function db(t: Workbench, major: number, text: string, wish: Wish = {}): Promise<string> {
  const { files = {}, ...rest } = wish;
  return t.bundle('db', `${major}.0.0`, {
    files: { 'etc/db.conf': text, 'bin/migrate': '#!/bin/sh\n', ...files },
    config: [{ path: 'etc/db.conf' }],
    data: { directory: true, reads: [major], writes: major },
    upgrade: { up: [{ from: `${major - 1}.x`, ...MIGRATE }], down: [{ to: `${major - 1}.x`, ...MIGRATE }] },
    ...rest,
  });
}

const conf = (t: Workbench, name = 'db.conf'): string => t.at('current/etc/db', name);
const read = (t: Workbench, name?: string): string => fs.readFileSync(conf(t, name), 'utf8');
const names = (t: Workbench): readonly string[] => fs.readdirSync(t.at('current/etc/db')).toSorted();

/** db 1 with another port than it was shipped with. */
async function edited(t: Workbench): Promise<void> {
  await t.ok('install', '-y', await db(t, 1, 'port 1\nuser www\nlog info\n'));
  fs.writeFileSync(conf(t), 'port 7\nuser www\nlog info\n');
}

describe('an edit on a way over several versions', () => {
  test('meets only what the last of them ships: what came and went in between is no conflict', async () => {
    const t = workbench();
    await edited(t);
    const middle = await db(t, 2, 'port 2\nuser www\nlog info\nonly here\n');
    const last = await db(t, 3, 'port 1\nuser www\nlog info\ngzip on\n');
    const { json } = await t.ok('plan', 'install', '--json', middle, last);
    expect(json.notes).toContain('etc/db/db.conf: your edits are merged with the new one');
    expect(json.notes.join()).not.toContain('pkg-new');
    const ended = await t.ok('install', '-y', middle, last);
    expect(ended.err).not.toContain('pkg-new');
    expect(read(t)).toBe('port 7\nuser www\nlog info\ngzip on\n');
    expect(names(t)).toEqual(['db.conf']);
  });

  test('that conflicts with the last one is foreseen, also by a stored plan', async () => {
    const t = workbench();
    await edited(t);
    const files = [await db(t, 2, 'port 1\nuser www\nlog info\n'), await db(t, 3, 'port 3\nuser www\nlog info\n')];
    const { json } = await t.ok('plan', 'install', '--json', '-o', 'plan.json', ...files);
    const note = 'etc/db/db.conf: yours is kept, the new one lies beside it as db.conf.pkg-new';
    expect(json.notes.filter((one: string) => one === note)).toHaveLength(1);
    await t.ok('apply', '-y', 'plan.json');
    expect(read(t)).toBe('port 7\nuser www\nlog info\n');
    expect(read(t, 'db.conf.pkg-new')).toBe('port 3\nuser www\nlog info\n');
    await t.ok('rollback', '-y', '1');
    expect(read(t)).toBe('port 7\nuser www\nlog info\n');
  });

  test('follows what a program or an operator writes while a version in between is live', async () => {
    const t = workbench();
    await edited(t);
    const hooks = { postinstall: 'echo by-hook >> "$PKG_ROOT/current/etc/db/db.conf"' };
    const middle = await db(t, 2, 'port 1\nuser www\nlog info\n', { hooks });
    const last = await db(t, 3, 'port 1\nuser www\nroot /srv\nlog info\n');
    await t.ok('install', '-y', middle, last);
    expect(read(t)).toBe('port 7\nuser www\nroot /srv\nlog info\nby-hook\n');
  });

  test('comes back as it was when the last hop fails', async () => {
    const t = workbench();
    await edited(t);
    const middle = await db(t, 2, 'port 2\nuser www\nlog info\n');
    const last = await db(t, 3, 'port 3\nuser www\nlog info\n', { hooks: { postinstall: 'exit 1' } });
    expect((await t.pkg('install', '-y', middle, last)).exit).toBe(1);
    expect(read(t)).toBe('port 7\nuser www\nlog info\n');
    expect(names(t)).toEqual(['db.conf']);
  });

  describe('on a terminal', () => {
    needs('script');

    test('is asked about once, before anything begins', async () => {
      const t = workbench();
      await edited(t);
      const files = [await db(t, 2, 'port 2\nuser www\nlog info\n'), await db(t, 3, 'port 3\nuser www\nlog info\n')];
      const { exit, screen } = await onTerminal(
        t,
        ['install', '--yes', '--config', 'ask', ...files],
        [['show the [d]iff?', 'new']],
      );
      expect(exit).toBe(0);
      expect(screen.split('show the [d]iff?')).toHaveLength(2);
      expect(read(t)).toBe('port 3\nuser www\nlog info\n');
      expect(read(t, 'db.conf.pkg-old')).toBe('port 7\nuser www\nlog info\n');
    });
  });
});
