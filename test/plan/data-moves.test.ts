import { describe, expect, test } from 'vitest';
import type { DataState } from '../../src/model/index.ts';
import { type Extra, planOf, refusalOf, refused, steps, type World, world } from './world.ts';

const WITH_DATA: Extra = { data: { directory: true } };
const REPLACES: Extra = { ...WITH_DATA, replaces: { old: '*' } };
const SERVER: Extra = { services: { main: { start: ['bin/main'] } } };

const states = (one: Readonly<Record<string, DataState>>) => ({ dataStates: new Map(Object.entries(one)) });

/** old 1.0.0 with rows in its data folder, and what is offered to take its place. */
function machine(offered: Extra = REPLACES, old: Extra = WITH_DATA): World {
  return world()
    .with('old 1.0.0', old)
    .offer('new 2.0.0', offered)
    .fact(states({ old: 'held' }));
}

const moves = (one: World): readonly (readonly [string, string])[] =>
  planOf(one.install()).steps.flatMap((step) => (step.kind === 'move-data' ? [[step.from, step.bundle] as const] : []));

describe('a bundle that takes the place of another', () => {
  test('takes over its data once what ran there has stopped, and before it is started itself', () => {
    const hooks = { hooks: { preinstall: ['hooks/pre'] } };
    const one = machine({ ...REPLACES, ...SERVER, ...hooks }, { ...WITH_DATA, ...SERVER }).running('old/main', '1.0.0');
    const told = steps(one.install()).filter((line) => /stop|give|preinstall|data folder|switch|start/.test(line));
    expect(told).toEqual([
      'quiesce: stop old/main: it leaves with this change',
      'quiesce: stop new/main: the bundle it belonged to is replaced',
      'migrate-before: give the data of old 1.0.0 to new 2.0.0',
      'migrate-before: run preinstall install of new 2.0.0',
      'migrate-before: make the data folder of new 2.0.0',
      'switch: switch current from generation 1 to 2',
      'apply: start new/main: the bundle it belonged to is replaced',
    ]);
    expect(planOf(one.install()).notes).toContain(
      'the data in /srv/app/data/old becomes that of new: /srv/app/data/new',
    );
  });

  test('stops what ran under another name before its data moves, so that the port is free as well', () => {
    const old = { ...WITH_DATA, services: { main: { start: ['bin/main'], ports: [8080] } } };
    const next = { ...REPLACES, services: { server: { start: ['bin/server'], ports: [8080] } } };
    const listener = { ours: { bundle: 'old', service: 'main' }, command: 'main', pid: 123 };
    const one = machine(next, old)
      .running('old/main', '1.0.0', { port: 8080 })
      .fact({ listeners: new Map([[8080, listener]]) });
    const told = steps(one.install()).filter((line) => /stop|give|start/.test(line));
    expect(told).toEqual([
      'quiesce: stop old/main: it leaves with this change',
      'migrate-before: give the data of old 1.0.0 to new 2.0.0',
      'apply: start new/server: it comes with this change',
    ]);
  });

  test('gives it back when one goes back', () => {
    const one = machine();
    const back = one
      .after(one.install())
      .fact(states({ new: 'held' }))
      .rollback();
    expect(planOf(back).steps.filter(({ kind }) => kind === 'move-data')).toEqual([
      expect.objectContaining({ from: 'new', bundle: 'old' }),
    ]);
  });

  test('of several gives it back to the one it came from', () => {
    const replaces = { 'old-a': '*', old: '*', older: '*' };
    const one = world()
      .with('old-a 1.0.0')
      .with('old 1.0.0', WITH_DATA)
      .with('older 1.0.0', WITH_DATA)
      .offer('new 2.0.0', { ...WITH_DATA, replaces })
      .fact(states({ old: 'held', older: 'held' }));
    expect(moves(one)).toEqual([['old', 'new']]);
    expect(planOf(one.install()).notes.join()).toContain('the data of older stays in /srv/app/data/older');
    const back = one
      .after(one.install())
      .fact(states({ new: 'held', older: 'held' }))
      .rollback();
    expect(planOf(back).steps.flatMap((step) => (step.kind === 'move-data' ? [step.bundle] : []))).toEqual(['old']);
  });

  test('cannot be previewed: the old one would live on without its data', () => {
    const services = { main: { start: ['bin/main'], ports: [1, 2], onUpgrade: 'replace' as const } };
    const one = machine({ ...REPLACES, services }, { ...WITH_DATA, services }).running('old/main', '1.0.0');
    const said = refusalOf(one.install({ preview: [{ kind: 'header', name: 'X-Preview', value: '1' }] }));
    expect(said.code).toBe('preview-unusable');
    expect(said.causes.map(({ message }) => message)).toContain(
      'cannot be previewed: it would have to give the data of old 1.0.0 to new 2.0.0',
    );
  });

  test('is named by who comes back when it is gone itself and left the data behind', () => {
    const one = machine();
    const removed = one.after(one.install()).fact(states({ new: 'held' }));
    const without = removed.after(removed.remove(['new']));
    const note = 'what new left in /srv/app/data/new may be the data of old; it stays there';
    expect(planOf(without.rollback(1)).notes).toContain(note);
    expect(planOf(without.fact({ dataStates: new Map() }).rollback(1)).notes.join()).toContain(
      'the data of old is gone',
    );
  });

  test.each<readonly [string, World]>([
    ['has no place for data', machine({ replaces: { old: '*' } })],
    [
      'was installed beside it, with data of its own',
      machine()
        .with('new 1.0.0', WITH_DATA)
        .fact(states({ old: 'held' })),
    ],
  ])('leaves the data where it is, and says so, when it %s', (_why, one) => {
    expect(moves(one)).toEqual([]);
    expect(planOf(one.install()).notes).toContain('the data of old stays in /srv/app/data/old; nobody takes it over');
  });

  test('does nothing about a folder in which nothing lies', () => {
    expect(moves(machine().fact(states({ old: 'empty' })))).toEqual([]);
  });

  test.each<readonly [string, Readonly<Record<string, DataState>>, RegExp]>([
    ['it has some of its own', { old: 'held', new: 'held' }, /data of new lies in \/srv\/app\/data\/new \| move away/],
    ['its folder is a mount point', { old: 'held', new: 'disk' }, /data\/new is a mount point.* \| unmount it/],
    ['the other is a mount point', { old: 'disk' }, /data\/old is a mount point.* \| stop old, mount at .*data\/new/],
  ])('is refused when %s', (_why, found, answer) => {
    const said = refused(machine().fact(states(found)).install());
    expect(said).toMatch(/^data-in-the-way: new 2.0.0 takes over the data of old 1.0.0, but /);
    expect(said).toMatch(answer);
  });

  test('notes the format it writes in place of the inherited one, and says who cannot read that', () => {
    const data = (reads: readonly number[], writes: number): Extra => ({ data: { directory: true, reads, writes } });
    const one = machine({ replaces: { old: '*' }, ...data([1, 2], 2) }, data([1], 1)).fact({
      dataFormats: new Map([['old', 1]]),
    });
    const plan = planOf(one.install());
    expect(plan.steps.find(({ kind }) => kind === 'note-data-format')).toMatchObject({ bundle: 'new', from: 1, to: 2 });
    expect(plan.wayBack.loses.join()).toContain('old 1.0.0 cannot follow new 2.0.0: it reads data format 1, but 2');
    const after = one.after(one.install()).fact({ ...states({ new: 'held' }), dataFormats: new Map([['new', 2]]) });
    expect(refused(after.rollback())).toMatch(/^data-loss: old 1.0.0 reads data format 1, but new 2.0.0 has written/);
  });
});
