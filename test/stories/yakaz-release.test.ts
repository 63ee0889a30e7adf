import { describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { until } from '../support/pkg.ts';
import { OLD, released } from './yakaz-releases.ts';

describe('an Erlang release that the release handler of OTP changes', () => {
  needs('erl', 'root', 'useradd');

  it('goes up and back by relup, in the node that runs', async () => {
    const world = await released();
    const before = await world.ask();
    const { pid } = await world.node();
    expect(before).toMatchObject({ release: '2011.1.0' });
    expect(Object.keys(before.applications)).toEqual(['my_app1', 'other_app']);

    const archives = await world.next();
    const visitors = world.visitors();
    await world.ok('install', '-y', '--remove', 'other_app', ...archives);
    const seen = await visitors.leave();
    expect(new Set(seen.map(({ release }) => release))).toEqual(new Set(['2011.1.0', '2011.2.0']));
    const after = await world.ask();
    expect(after).toMatchObject({ release: '2011.2.0', booted: before.booted });
    expect(Object.entries(after.applications).map(([name, { version }]) => [name, version])).toEqual([
      ['my_app1', '1.1.0'],
      ['my_app2', '1.0.0'],
    ]);
    expect(after.applications['my_app1']?.count).toBeGreaterThan(before.applications['my_app1']?.count ?? 0);
    expect(await world.node()).toMatchObject({ pid, runningVersion: '2011.2.0' });

    await world.ok('rollback', '-y');
    const back = await world.ask();
    expect(back).toMatchObject({ release: '2011.1.0', booted: before.booted });
    expect(back.applications['my_app1']).toMatchObject({ version: '1.0.0' });
    expect(back.applications['my_app1']?.count).toBeGreaterThan(after.applications['my_app1']?.count ?? 0);
    expect(Object.keys(back.applications)).toEqual(['my_app1', 'other_app']);
    expect(await world.node()).toMatchObject({ pid, runningVersion: '2011.1.0' });
  });

  it('goes back by relup when a later step fails', async () => {
    const world = await released();
    const before = await world.ask();
    const { pid } = await world.node();
    const refused = await world.pkg('install', '-y', '--remove', 'other_app', ...(await world.next(1)));
    expect(refused.exit).toBe(1);
    expect(refused.err).toMatch(/undone: everything is as before/);
    const after = await world.ask();
    expect(after).toMatchObject({ release: '2011.1.0', booted: before.booted });
    expect(after.applications['my_app1']?.count).toBeGreaterThan(before.applications['my_app1']?.count ?? 0);
    expect(await world.node()).toMatchObject({ pid, runningVersion: '2011.1.0' });
  });

  it('goes back by relup when pkg was killed after the node had changed', async () => {
    const world = await released();
    const before = await world.ask();
    const { pid } = await world.node();
    const archives = await world.next('$(touch "$PKG_DATA_DIR/changed"; sleep 60)');
    const { child, ended } = world.start(['install', '-y', '--remove', 'other_app', ...archives]);
    await until('the hook after the change', () => world.exists('data', 'my-service', 'changed'));
    expect(await world.ask()).toMatchObject({ release: '2011.2.0', booted: before.booted });
    child.kill('SIGKILL');
    await ended;
    await world.pkg('recover');
    expect(await world.ask()).toMatchObject({ release: '2011.1.0', booted: before.booted });
    expect(await world.node()).toMatchObject({ pid, runningVersion: '2011.1.0' });
  });

  it('is up again with the release before when an application does not start in the middle of the relup, which ends the node', async () => {
    const world = await released();
    const [app1 = '', , release = ''] = await world.next();
    const broken = await world.application('my_app2', '1.0.0', {
      change: (code) => code.replace('{ok, {#{}', '{no, {#{}'),
    });
    const refused = await world.pkg('install', '-y', '--remove', 'other_app', app1, broken, release);
    expect(refused.exit).toBe(1);
    expect(refused.err).toMatch(/undone: everything is as before/);
    const after = await world.ask();
    expect(after).toMatchObject({ release: '2011.1.0' });
    expect(Object.keys(after.applications)).toEqual(['my_app1', 'other_app']);
    expect(await world.node()).toMatchObject({ state: 'running', runningVersion: '2011.1.0' });
  });

  it('boots the release that is installed when it is started afresh', async () => {
    const world = await released();
    await world.ok('service', 'stop', 'my-service');
    await world.ok('install', '-y', '--remove', 'other_app', ...(await world.next()));
    expect(await world.node()).toMatchObject({ state: 'stopped' });
    await world.ok('service', 'start', 'my-service');
    expect(await world.ask()).toMatchObject({ release: '2011.2.0' });
  });

  it('stops and starts for another Erlang, goes back in the same way, and leaves nothing behind', async () => {
    const world = await released();
    const { pid } = await world.node();
    const runtime = await world.erlang('25.3.0');
    const base = { default: { up: 'base', down: 'base' } };
    const release = await world.otpRelease('2011.3.0', { ...OLD, erlang: '25.3.0' }, { upgrade: base });
    await world.ok('install', '-y', runtime, release);
    expect(await world.ask()).toMatchObject({ release: '2011.3.0' });
    const node = await world.node();
    expect(node).toMatchObject({ state: 'running', runningVersion: '2011.3.0' });
    expect(node.pid).not.toBe(pid);
    expect(world.commandOf(node.pid)).toMatch(/\/store\/erlang\/25\.3\.0-/);

    await world.ok('rollback', '-y');
    expect(await world.ask()).toMatchObject({ release: '2011.1.0' });
    expect(world.commandOf((await world.node()).pid)).toMatch(/\/store\/erlang\/25\.2\.3-/);

    expect((await world.pkg('remove', '-y', 'my-service')).exit).toBe(3);
    const loss = ['--purge', '--accept-data-loss', 'my-service'];
    await world.ok('remove', '-y', '--stop', ...loss, 'my-service', 'my_front', 'my_app1', 'other_app', 'erlang');
    expect(await world.leftovers()).toEqual([]);
  });
});
