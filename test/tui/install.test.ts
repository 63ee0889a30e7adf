import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { until, type Wish, type Workbench, workbench } from '../support/pkg.ts';
import { inTmux } from '../support/tmux.ts';

describe('pkg install on a terminal', () => {
  needs('tmux');

  test('shows the plan, asks, and tells the end on the normal screen', async () => {
    const t = workbench();
    const pane = inTmux(t, ['install', await t.bundle('web', '1.0.0', { hooks: { postinstall: 'echo welcome' } })]);
    const plan = await pane.shows('go on');
    expect(plan).toContain('an empty root -> generation 1');
    expect(plan).toContain('+ web  1.0.0  new');
    expect(plan).toContain('$ pkg --yes install');
    pane.press('y');
    expect(await pane.ended()).toBe(0);
    expect(pane.screen()).toContain('done: generation 1 is live; the way back: pkg remove --all');
    expect(await t.installed()).toEqual(['web@1.0.0']);
  });

  test('n leaves everything as it was', async () => {
    const t = workbench();
    const pane = inTmux(t, ['install', await t.bundle('web', '1.0.0')]);
    await pane.shows('go on');
    pane.press('n');
    expect(await pane.ended()).toBe(3);
    expect(pane.screen()).toContain('the plan was declined');
    expect(await t.installed()).toEqual([]);
  });

  test('Ctrl-C before the yes is an interruption', async () => {
    const t = workbench();
    const pane = inTmux(t, ['install', await t.bundle('web', '1.0.0')]);
    await pane.shows('go on');
    pane.press('C-c');
    expect(await pane.ended()).toBe(130);
    expect(await t.installed()).toEqual([]);
  });

  test('keys that arrive in one piece are all heard', async () => {
    const t = workbench();
    const pane = inTmux(t, ['install', await t.bundle('web', '1.0.0')]);
    await pane.shows('go on');
    pane.press('-l', '?x\ty');
    expect(await pane.ended()).toBe(0);
  });

  test('a hook that fails is undone step by step, and stays to be read until a key is pressed', async () => {
    const t = workbench();
    await t.ok('install', '--yes', await t.bundle('web', '1.0.0'));
    const hooks = { postinstall: 'printf "cannot reach the database\\n\\033[2Jno more\\n"; exit 3' };
    const pane = inTmux(t, ['install', await t.bundle('web', '2.0.0', { hooks })]);
    expect(await pane.shows('go on')).toContain('^ web  1.0.0 -> 2.0.0  up');
    pane.press('y');
    const end = await pane.shows('undone: everything is as before, generation 1 is live');
    expect(end).toContain('Enter  leave');
    expect(end).toContain('| cannot reach the database');
    expect(end.replaceAll(String.raw`| \x1b[2Jno more`, '')).toContain(String.raw`\x1b[2Jno more`);
    pane.press('Enter');
    expect(await pane.ended()).toBe(1);
    const normal = pane.screen();
    expect(normal).toContain('cannot reach the database');
    expect(normal).toContain('its whole output');
    expect(await t.installed()).toEqual(['web@1.0.0']);
  });

  test('a file that both sides changed is decided side by side, merged in the editor, or left', async () => {
    const t = workbench();
    const wish = (text: string) => ({ files: { 'etc/web.conf': text }, config: [{ path: 'etc/web.conf' }] });
    await t.ok('install', '--yes', await t.bundle('web', '1.0.0', wish('workers 8\n')));
    fs.writeFileSync(t.at('current/etc/web/web.conf'), 'workers 16\n');
    const words = ['install', '--config', 'ask', await t.bundle('web', '2.0.0', wish('workers 4\n'))];

    const left = inTmux(t, words);
    await left.shows('was changed by you and by the bundle');
    left.press('q');
    expect(await left.ended()).toBe(3);

    const editor = path.join(t.home, 'editor');
    const script = 'grep -q "<<<<<<<" "$1" && echo how many && read a && read b && echo "workers $a$b" >"$1"';
    fs.writeFileSync(editor, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const pane = inTmux(t, words, { EDITOR: editor });
    expect(await pane.shows('-workers 16')).toContain('+workers 4');
    pane.press('Tab');
    expect(await pane.shows('side by side')).toMatch(/workers 16 +\| workers 4/);
    pane.press('m');
    await pane.shows('how many');
    pane.press('1', 'Enter');
    pane.press('2', 'Enter');
    await pane.shows('y  go on');
    pane.press('y');
    expect(await pane.ended()).toBe(0);
    expect(t.read('current/etc/web/web.conf')).toBe('workers 12\n');
  });

  test('settings are asked on the screen, one after the other, and the command that gives them is shown', async () => {
    const t = workbench();
    const settings = {
      port: { type: 'number', default: 80, prompt: 'Port', max: 99 },
      name: { type: 'string' },
      secret: { type: 'string', secret: true },
    };
    const pane = inTmux(t, ['install', await t.bundle('web', '1.0.0', { settings })]);
    await pane.shows('web.name: name');
    pane.press('Enter');
    await pane.shows('web.name needs an answer');
    pane.press('?', 'q', 'Enter');
    await pane.shows('web.port: Port [80]');
    pane.press('8', '1', '1', 'Enter');
    await pane.shows('must be at most 99');
    pane.resize(60, 15);
    pane.press('BSpace', 'Enter');
    await pane.shows('web.secret: secret');
    pane.press('-l', 'sesame');
    expect(await pane.shows('> ******_')).not.toContain('sesame');
    pane.press('Enter');
    await pane.shows('y  go on');
    pane.resize(80, 24);
    await pane.shows("'web.name=?q' --set web.port=81");
    expect(pane.screen()).toMatch(/web\.port {2}81[^]*web\.secret {2}\*\*\*/);
    pane.press('y');
    expect(await pane.ended()).toBe(0);
    expect(pane.screen()).not.toContain('sesame');
    expect(JSON.parse(t.read('current/settings.json')).web).toEqual({ port: 81, name: '?q', secret: 'sesame' });
  });

  test('settings that are left, by Esc or by a terminal that goes away, change nothing', async () => {
    const t = workbench();
    const archive = await t.bundle('web', '1.0.0', { settings: { name: { type: 'string' } } });
    const left = inTmux(t, ['install', archive]);
    await left.shows('web.name: name');
    left.press('x', 'Escape', 'Escape');
    expect(await left.ended()).toBe(3);
    expect(left.screen()).toContain('nothing was changed, nothing is installed');
    const lost = inTmux(t, ['install', archive]);
    await lost.shows('web.name: name');
    lost.cut();
    await until('the lock is free', async () => (await t.pkg('gc', '--yes')).exit !== 4);
    expect(await t.installed()).toEqual([]);
  });

  test('a stored plan and a setting are asked about as well; what was forced down wants the whole word', async () => {
    const t = workbench();
    const settings = { port: { type: 'number', default: 80 } };
    await t.ok('install', '--yes', await t.bundle('web', '1.0.0', { settings }));
    await t.ok('install', '--yes', await t.bundle('web', '2.0.0', { settings }));
    const stored = path.join(t.home, 'plan.json');
    await t.ok('plan', 'downgrade', '--force', 'web@1.0.0', '-o', stored);
    const down = inTmux(t, ['apply', stored]);
    expect(await down.shows('Type the whole word yes')).toContain('v web  2.0.0 -> 1.0.0  down');
    down.press('y', 'Enter');
    await down.shows('type yes, Enter: _');
    down.press('y', 'e', 's', 'Enter');
    expect(await down.ended()).toBe(0);
    const set = inTmux(t, ['settings', 'set', 'web', 'port=81']);
    expect(await set.shows('y  go on')).toContain('web.port  80 -> 81');
    set.press('y');
    expect(await set.ended()).toBe(0);
    expect(JSON.parse(t.read('current/settings.json')).web).toEqual({ port: 81 });
  });

  test('data is deleted only after its bundle was named on the screen, where the work then goes on', async () => {
    const t = workbench();
    const hooks = { preremove: 'echo goodbye' };
    await t.ok('install', '--yes', await t.bundle('db', '1.0.0', { data: { directory: true }, hooks }));
    fs.writeFileSync(t.at('data/db/rows'), 'many');
    for (const [name, exit] of [
      ['dv', 3],
      ['db', 0],
    ] as const) {
      const pane = inTmux(t, ['remove', '--purge', 'db']);
      await pane.shows('--accept-data-loss db');
      pane.press('y', 'e', 's', 'Enter');
      await pane.shows('Type db to go on');
      pane.press('-l', name);
      await pane.shows(`> ${name}_`);
      pane.press('Enter');
      expect(await pane.ended()).toBe(exit);
      expect(fs.existsSync(t.at('data/db/rows'))).toBe(exit !== 0);
    }
  });

  test('a window made smaller keeps the question in sight', async () => {
    const t = workbench();
    const names = Array.from({ length: 20 }, (_, n) => `bundle-${n}`);
    const files = await Promise.all(names.map((name) => t.bundle(name, '1.0.0')));
    const pane = inTmux(t, ['install', ...files]);
    await pane.shows('lines above');
    pane.resize(60, 15);
    await until('15 rows', () => pane.screen().split('\n').length <= 16);
    const small = await pane.shows('above, ');
    expect(small).toContain('y  go on');
    expect(small.split('\n').filter((line) => line.length > 60)).toEqual([]);
    pane.press('End');
    await pane.shows(' 0 below');
    pane.press('q');
    expect(await pane.ended()).toBe(3);
  });

  test('Ctrl-C while it works undoes everything, and says so', async () => {
    const t = workbench();
    const { archive, go, began } = await waiting(t);
    const pane = inTmux(t, ['install', archive]);
    await pane.shows('go on');
    pane.press('y');
    await until('the hook runs', began);
    pane.resize(60, 15);
    pane.press('C-c');
    await pane.shows('Ctrl-C: the running step ends, then everything is undone');
    go();
    await pane.shows('undone: everything is as before');
    pane.press('q');
    expect(await pane.ended()).toBe(130);
    expect(await t.installed()).toEqual([]);
  });

  test('a terminal that goes away while it works changes nothing: the change is committed', async () => {
    const t = workbench();
    const { archive, go, began } = await waiting(t);
    const pane = inTmux(t, ['install', archive]);
    await pane.shows('go on');
    pane.press('y');
    await until('the hook runs', began);
    pane.cut();
    go();
    await until('the change is recorded', async () => (await t.pkg('history')).out.includes('committed'));
    expect(await t.installed()).toEqual(['slow@1.0.0']);
  });

  test('a conflict, then a hook that fails, in a window that changes all the while or goes away: all is as before', async () => {
    const t = workbench();
    const wish = (text: string) => ({ files: { 'etc/web.conf': text }, config: [{ path: 'etc/web.conf' }] });
    await t.ok('install', '--yes', await t.bundle('web', '1.0.0', wish('workers 8\n')));
    fs.writeFileSync(t.at('current/etc/web/web.conf'), 'workers 16\n');
    const asked = async () => {
      const hook = await waiting(t, 'echo cannot reach the database; exit 3', ['web', '2.0.0'], wish('workers 4\n'));
      const pane = inTmux(t, ['install', '--config', 'ask', hook.archive]);
      await pane.shows('+workers 4');
      pane.resize(60, 15);
      pane.press('Tab');
      await pane.shows('side by side');
      pane.press('n');
      await pane.shows('y  go on');
      pane.resize(80, 24);
      pane.press('y');
      await until('the hook runs', hook.began);
      return { pane, hook };
    };

    const seen = await asked();
    seen.pane.resize(60, 15);
    seen.hook.go();
    const end = await seen.pane.shows('undone: everything is as before');
    expect(end).toContain('cannot reach the database');
    seen.pane.press('Enter');
    expect(await seen.pane.ended()).toBe(1);

    const lost = await asked();
    lost.pane.cut();
    lost.hook.go();
    await until('both are recorded', async () => (await t.pkg('history')).out.match(/undone/g)?.length === 2);
    expect(t.read('current/etc/web/web.conf')).toBe('workers 16\n');
    expect(await t.installed()).toEqual(['web@1.0.0']);
  });

  test('a terminal that goes away before the yes is no yes', async () => {
    const t = workbench();
    const pane = inTmux(t, ['install', await t.bundle('web', '1.0.0')]);
    await pane.shows('go on');
    pane.cut();
    await until('the lock is free', async () => (await t.pkg('gc', '--yes')).exit !== 4);
    expect(await t.installed()).toEqual([]);
  });

  test('PKG_PLAIN asks line by line instead', async () => {
    const t = workbench();
    const pane = inTmux(t, ['install', await t.bundle('web', '1.0.0')], { PKG_PLAIN: '1' });
    await pane.shows('Go on? [y/N]');
    pane.press('y', 'Enter');
    expect(await pane.ended()).toBe(0);
  });
});

/** A bundle whose hook waits until it may go on, and then ends as it is told. */
async function waiting(t: Workbench, end = '', id: readonly [string, string] = ['slow', '1.0.0'], wish: Wish = {}) {
  const sign = path.join(t.home, 'go');
  const mark = path.join(t.home, 'began');
  for (const old of [sign, mark]) fs.rmSync(old, { force: true });
  const hooks = { postinstall: `: > ${mark}\nwhile [ ! -e ${sign} ]; do sleep 0.05; done\n${end}` };
  return {
    archive: await t.bundle(...id, { ...wish, hooks }),
    go: () => fs.writeFileSync(sign, ''),
    began: () => fs.existsSync(mark),
  };
}
