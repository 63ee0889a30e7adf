import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { workbench } from '../support/pkg.ts';
import { onTerminal } from '../support/terminal.ts';

describe('the screen on a terminal that says no size', () => {
  needs('script');

  test('asks about a conflict, goes on to the plan, and shows a hook that fails and its undo', async () => {
    const t = workbench();
    const wish = (text: string) => ({ files: { 'etc/web.conf': text }, config: [{ path: 'etc/web.conf' }] });
    await t.ok('install', '--yes', await t.bundle('web', '1.0.0', wish('workers 8\n')));
    fs.writeFileSync(t.at('current/etc/web/web.conf'), 'workers 16\n');
    const hooks = { postinstall: 'echo cannot reach the database; exit 3' };
    const archive = await t.bundle('web', '2.0.0', { ...wish('workers 4\n'), hooks });
    const { exit, screen } = await onTerminal(
      t,
      ['--root', t.root, 'install', '--config', 'ask', archive],
      [
        ['was changed by you and by the bundle', 'n'],
        ['y  go on', 'y'],
        ['-- undo, backwards', null],
        [`pkg --root ${t.root} history 2`, ''],
        // What stays on the normal screen.
        ['undone:', null],
      ],
      { TERM: 'xterm-256color', PKG_ROOT: '/nowhere' },
    );
    expect(exit).toBe(1);
    expect(screen).toContain('cannot reach the database');
    expect(t.read('current/etc/web/web.conf')).toBe('workers 16\n');
    expect(await t.installed()).toEqual(['web@1.0.0']);
  });

  test('the whole screen comes without the network, is left by q, and is none where TERM says dumb', async () => {
    const t = workbench();
    const [preload, loaded] = [path.join(t.home, 'tell-loaded.cjs'), path.join(t.home, 'loaded')];
    const tell = `require('fs').writeFileSync('${loaded}', process.moduleLoadList.join('\\n'))`;
    fs.writeFileSync(preload, `process.on('exit', () => ${tell});`);
    const env = { TERM: 'xterm-256color', NODE_OPTIONS: `-r ${preload}` };
    const seen = await onTerminal(t, [], [['[1 bundles]', 'q']], env);
    expect(seen.exit).toBe(0);
    expect(fs.readFileSync(loaded, 'utf8')).toContain('NativeModule tty');
    expect(fs.readFileSync(loaded, 'utf8')).not.toMatch(/undici|http/);
    await onTerminal(t, [], [['Usage: pkg', null]]);
  });
});
