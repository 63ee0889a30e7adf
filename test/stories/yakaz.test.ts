import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { installed, LOADED, release2011_2, release2011_3 } from './yakaz-releases.ts';
import type { YakazWorld } from './yakaz-world.ts';

describe('an Erlang node that is never stopped', () => {
  needs('erl', 'root', 'useradd');

  it('gets an application reloaded, one added and one removed in one change, and all of it back', async () => {
    const world = await installed();
    const before = await world.ask();
    const { pid } = await world.node();
    expect(before.release).toBe('2011.1.0');
    expect(Object.keys(before.applications)).toEqual(['my_app1', 'other_app']);

    await world.ok('install', '-y', '--remove', 'other_app', ...(await release2011_2(world)));
    const after = await world.ask();
    expect(after).toEqual({
      release: '2011.2.0',
      booted: before.booted,
      applications: {
        my_app1: { version: '1.1.0', count: expect.any(Number) },
        my_app2: { version: '1.0.0', count: expect.any(Number) },
      },
    });
    expect(countOf(after)).toBeGreaterThan(countOf(before));
    expect(await world.node()).toMatchObject({ state: 'running', pid, runningVersion: '2011.2.0' });

    await world.ok('rollback', '-y');
    const back = await world.ask();
    expect(back).toMatchObject({ release: '2011.1.0', booted: before.booted });
    expect(back.applications['my_app1']).toMatchObject({ version: '1.0.0' });
    expect(Object.keys(back.applications)).toEqual(['my_app1', 'other_app']);
    expect(countOf(back)).toBeGreaterThan(countOf(after));
    expect(await world.node()).toMatchObject({ pid, runningVersion: '2011.1.0' });
  });

  it('turns no visitor away, up and back', async () => {
    const world = await installed();
    const archives = await release2011_2(world);
    const visitors = world.visitors();
    await world.ok('install', '-y', '--remove', 'other_app', ...archives);
    await world.ok('rollback', '-y');
    const seen = await visitors.leave();
    expect(new Set(seen.map(({ release }) => release))).toEqual(new Set(['2011.1.0', '2011.2.0']));
    expect(seen.map(countOf)).toEqual(seen.map(countOf).toSorted((a, b) => a - b));
  });

  it('goes down by name, too', async () => {
    const world = await installed();
    const { pid } = await world.node();
    await world.ok('install', '-y', '--remove', 'other_app', ...(await release2011_2(world)));
    const after = await world.ask();
    await world.ok('downgrade', '-y', 'my-service@2011.1.0', 'my_app1@1.0.0');
    expect(Object.keys((await world.ask()).applications)).toEqual(['my_app1', 'other_app']);
    expect(countOf(await world.ask())).toBeGreaterThan(countOf(after));
    expect(await world.node()).toMatchObject({ pid, runningVersion: '2011.1.0' });
  });

  it('is as before when the application that comes does not start', async () => {
    const world = await installed();
    const before = await world.ask();
    const { pid } = await world.node();
    const [app1, , release] = await release2011_2(world);
    const broken = await world.application('my_app2', '1.0.0', {
      change: (code) => code.replace('{ok, {#{}', '{no, {#{}'),
    });
    const refused = await world.pkg('install', '-y', '--remove', 'other_app', app1 ?? '', broken, release ?? '');
    expect(refused.exit).toBe(1);
    expect(refused.err).toMatch(/my_service:run failed: \{my_app2,did_not_start/);
    const after = await world.ask();
    expect(after).toMatchObject({ release: '2011.1.0', booted: before.booted });
    expect(after.applications['my_app1']).toMatchObject({ version: '1.0.0' });
    expect(Object.keys(after.applications)).toEqual(['my_app1', 'other_app']);
    expect(countOf(after)).toBeGreaterThan(countOf(before));
    expect(await world.node()).toMatchObject({ pid, runningVersion: '2011.1.0' });
    expect((await world.pkg('verify')).exit).toBe(0);
  });

  it('takes a rebuild of an application for the version that is asked for exactly', async () => {
    const world = await installed();
    const { pid } = await world.node();
    const before = await world.ask();
    await world.ok('install', '-y', await world.application('my_app1', '1.0.0+2', { more: LOADED }));
    expect(await world.installed()).toContain('my_app1@1.0.0+2');
    const refused = await world.pkg('install', '-y', await world.application('my_app1', '1.1.0'));
    expect(refused.exit).toBe(3);
    expect(refused.err).toMatch(/my-service 2011\.1\.0 needs my_app1 1\.0\.0/);
    expect((await world.node()).pid).toBe(pid);
    const after = await world.ask();
    expect(after.applications['my_app1']?.version).toBe('1.0.0+2');
    expect(countOf(after)).toBeGreaterThan(countOf(before));
  });

  it('stays down when it did not run before', async () => {
    const world = await installed();
    await world.ok('service', 'stop', 'my-service');
    await world.ok('install', '-y', '--remove', 'other_app', ...(await release2011_2(world)));
    expect(await world.node()).toMatchObject({ state: 'stopped' });
    await world.ok('service', 'start', 'my-service');
    expect(await world.ask()).toMatchObject({ release: '2011.2.0' });
  });

  it('stops and starts for another Erlang, down to nothing and up from nothing', async () => {
    const world = await installed();
    const { pid } = await world.node();
    const { booted } = await world.ask();
    // Nothing of it is the Erlang of the machine.
    expect(world.commandOf(pid)).toContain(`${world.root}/store/erlang/`);
    expect(world.commandOf(pid) + fs.readFileSync(`/proc/${pid}/maps`, 'utf8')).not.toContain('/usr/lib/erlang');
    await world.ok('install', '-y', ...(await release2011_3(world)));
    const node = await world.node();
    expect(node).toMatchObject({ state: 'running', runningVersion: '2011.3.0' });
    expect(node.pid).not.toBe(pid);
    expect((await world.ask()).booted).not.toBe(booted);
    expect(world.commandOf(node.pid)).toMatch(/\/store\/erlang\/25\.3\.0-/);
    expect(fs.statSync(world.at('data/my-service')).uid).toBe(Number(world.userId()));
    await world.ok('rollback', '-y');
    expect(world.commandOf((await world.node()).pid)).toMatch(/\/store\/erlang\/25\.2\.3-/);
  });

  it('is not touched by another build of the same Erlang', async () => {
    const world = await installed();
    const { pid } = await world.node();
    await world.ok('install', '-y', await world.erlang('25.2.3+2'));
    expect(await world.node()).toMatchObject({ state: 'running', pid });
  });

  it('runs as a user of its own, is not removed while it runs, and leaves nothing behind', async () => {
    const world = await installed();
    const { pid } = await world.node();
    expect(fs.statSync(`/proc/${pid}`).uid).toBe(Number(world.userId()));
    const refused = await world.pkg('remove', '-y', '--purge', 'my-service');
    expect(refused.exit).toBe(3);
    expect(refused.err).toMatch(/my-service\/node is running as pid/);
    await world.ok(
      'remove',
      '-y',
      '--stop',
      '--purge',
      '--accept-data-loss',
      'my-service',
      'my-service',
      'my_app1',
      'other_app',
      'erlang',
    );
    expect(await world.leftovers()).toEqual([]);
  });
});

function countOf({ applications }: Awaited<ReturnType<YakazWorld['ask']>>): number {
  return applications['my_app1']?.count ?? 0;
}
