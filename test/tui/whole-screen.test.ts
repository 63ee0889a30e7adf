import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { serviceBench } from '../operations/service-bench.ts';
import { workbench } from '../support/pkg.ts';
import { watchersOf } from '../support/trial.ts';
import { inTmux } from '../support/tmux.ts';

describe('pkg without a command on a terminal', () => {
  needs('tmux');

  test('offers what lies in the folder, says what it needs, and goes on to the plan', async () => {
    const t = workbench();
    await t.ok('install', '--yes', await t.bundle('lib', '1.0.0'), await t.bundle('web', '1.0.0'));
    await t.bundle('lib', '2.0.0', {}, '.');
    await t.bundle('web', '2.0.0', { depends: { lib: '^2.0.0' } }, '.');
    fs.writeFileSync(path.join(t.home, 'torn.tgz'), 'torn');
    const pane = inTmux(t, []);
    expect(await pane.shows('newer: 2.0.0 given')).toContain('[1 bundles]');
    await pane.shows('not offered: torn.tgz');
    pane.press('End');
    pane.press('Right');
    await pane.shows('1.0.0 -> 2.0.0');
    pane.press('Left');
    await pane.shows('Nothing is chosen');
    pane.press('Space');
    expect(await pane.shows('This cannot be')).toContain('web 2.0.0 needs lib ^2.0.0, but lib would be 1.0.0');
    await pane.shows('a  yes, install lib 2.0.0 with it');
    pane.press('a');
    await pane.shows('2 upgraded');
    await pane.shows('$ pkg install web-2.0.0.tgz lib-2.0.0.tgz');
    pane.press('Enter');
    await pane.shows('y  go on');
    pane.press('Escape');
    await pane.shows('Enter goes back to the screen');
    pane.press('Enter');
    await pane.shows('[1 bundles]');
    await pane.shows('2 upgraded');
    pane.press('Enter');
    await pane.shows('y  go on');
    pane.press('y');
    expect(await pane.ended()).toBe(0);
    expect(await t.installed()).toEqual(['lib@2.0.0', 'web@2.0.0']);
  });

  test('shows the history, from which one goes back through a plan; the root that was named stays named', async () => {
    const t = workbench();
    await t.ok('install', '--yes', await t.bundle('web', '1.0.0'));
    await t.ok('install', '--yes', await t.bundle('web', '2.0.0'));
    const pane = inTmux(t, ['--root', t.root], { PKG_ROOT: '/nowhere' });
    await pane.shows('generation 2 is live');
    pane.press('4');
    await pane.shows('1 -> 2');
    pane.press('Down');
    await pane.shows(`pkg --root ${t.root} rollback 1`);
    pane.press('d');
    await pane.shows('from generation 1 to generation 2');
    await pane.shows('up        web  1.0.0 -> 2.0.0');
    pane.press('Escape');
    await pane.shows('[4 history]');
    pane.press('r');
    expect(await pane.shows('y  go on')).toContain('v web  2.0.0 -> 1.0.0  down');
    pane.press('y');
    expect(await pane.ended()).toBe(0);
    expect(await t.installed()).toEqual(['web@1.0.0']);
  });

  test('settles a file that waits, and comes back to the screen', async () => {
    const t = workbench();
    const wish = (text: string) => ({ files: { 'etc/web.conf': text }, config: [{ path: 'etc/web.conf' }] });
    await t.ok('install', '--yes', await t.bundle('web', '1.0.0', wish('workers 8\n')));
    fs.writeFileSync(t.at('current/etc/web/web.conf'), 'workers 16\n');
    await t.ok('install', '--yes', await t.bundle('web', '2.0.0', wish('workers 4\n')));
    const pane = inTmux(t, []);
    await pane.shows('decide ');
    pane.press('3');
    await pane.shows('> waiting     etc/web/web.conf.pkg-new');
    pane.press('Enter');
    await pane.shows('+workers 4');
    pane.press('Escape', 'n');
    await pane.shows('Enter goes back to the screen');
    expect(t.read('current/etc/web/web.conf')).toBe('workers 4\n');
    pane.press('Enter');
    await pane.shows('[3 configuration]');
    pane.press('q');
    expect(await pane.ended()).toBe(0);
  });

  test('follows the log of a service that is emptied and renamed meanwhile, until one scrolls back', async () => {
    const t = await serviceBench();
    await t.ok('install', '-y', await t.web('web', '1.0.0'));
    await t.ok('service', 'start', 'web');
    const log = t.at('log/web.server.log');
    const pane = inTmux(t, []);
    await pane.shows('[1 bundles]');
    pane.press('2');
    await pane.shows('> web/server');
    pane.press('f');
    await pane.shows('listening as 1.0.0');
    await pane.shows('$ pkg logs -f web/server');
    fs.appendFileSync(log, `${'\u001b[2Jwiped\n'.repeat(30)}one\n`);
    expect(await pane.shows('one')).toContain(String.raw`\x1b[2Jwiped`);
    fs.truncateSync(log);
    fs.appendFileSync(log, 'two\n');
    await pane.shows('two');
    fs.renameSync(log, `${log}.1`);
    fs.writeFileSync(log, 'three\n');
    await pane.shows('three');
    pane.press('Up');
    await pane.shows('f  follow');
    fs.appendFileSync(log, 'four\n');
    pane.press('f');
    expect(await pane.shows('four')).toContain('followed');
    pane.press('Escape', 'q');
    expect(await pane.ended()).toBe(0);
  });

  test('what is wrong with the root is said, and the rest can still be looked at', async () => {
    const t = workbench();
    await t.ok('install', '--yes', await t.bundle('web', '1.0.0'));
    const folder = fs.readdirSync(t.at('store/web')).find((name) => !name.startsWith('.'));
    t.tamper(`store/web/${folder}/bundle.json`, '{');
    await t.bundle('lib', '1.0.0', {}, '.');
    const pane = inTmux(t, ['--root', t.root, './lib-1.0.0.tgz'], { PKG_ROOT: '/nowhere' });
    await pane.shows('This cannot be');
    // What would help is on this root as well.
    await pane.shows(`pkg --root ${t.root} verify`);
    pane.press('4');
    await pane.shows('- -> 1');
    pane.press('q');
    expect(await pane.ended()).toBe(0);
  });

  test('a signal from elsewhere ends it, and the terminal is as it was', async () => {
    const t = workbench();
    const pane = inTmux(t, ['--root', t.root, '--color', 'never']);
    await pane.shows('[1 bundles]');
    for (const pid of watchersOf(t.root, ['--color', 'never'])) process.kill(pid, 'SIGTERM');
    expect(await pane.ended()).toBe(143);
    expect(pane.screen()).not.toContain('[1 bundles]');
  });

  test('archives that are named are chosen; q leaves without a trace, and ? tells the keys', async () => {
    const t = workbench();
    const pane = inTmux(t, [await t.bundle('web', '1.0.0'), './absent.tgz']);
    await pane.shows('1 installed');
    await pane.shows('not offered: ./absent.tgz: ');
    pane.press('?');
    await pane.shows('choose everything newer');
    pane.press('Escape', 'q');
    expect(await pane.ended()).toBe(0);
    expect(t.exists()).toBe(false);
  });
});
