import { describe, expect, test } from 'vitest';
import type { DataFolder, Step } from '../../src/model/index.ts';
import { type Extra, planOf, refusalOf, type World, world } from './world.ts';

const MIB = 1024 * 1024;

/** A data folder of 100 MiB in 1,000 files, on a disk of its own with this much room. */
function data(copies: Partial<DataFolder['copies']> = {}): DataFolder {
  const space = { bytes: 200 * MIB, inodes: 5000 };
  return {
    folder: '/srv/app/data/db',
    bytes: 100 * MIB,
    entries: 1000,
    copies: { folder: '/srv/app/data', isWithRoot: false, space, sharesBlocks: false, ...copies },
  };
}

const STEPS = [
  { stop: 'main' },
  { backup: true },
  { migrate: 'bin/migrate', irreversible: true },
  { run: 'bin/index', undo: 'bin/unindex' },
  { start: 'main' },
];

/** db 1.0.0 runs; 2.0.0 stops it, backs up and migrates for good. */
function machine(copies: Partial<DataFolder['copies']> = {}, steps: readonly object[] = STEPS): World {
  const services: Extra = { services: { main: { start: ['bin/main'] } } };
  const upgrade = { up: [{ from: '1.x', steps: steps as never }] };
  return world()
    .with('db 1.0.0', services)
    .running('db/main', '1.0.0')
    .offer('db 2.0.0', { ...services, upgrade })
    .fact({ dataFolders: new Map([['db', data(copies)]]) });
}

const stepsOf = (one: World): readonly Step[] => planOf(one.install()).steps;

describe('a backup in the plan', () => {
  test('is made once the service is down and before anything is migrated; after the commit it goes', () => {
    const kinds = stepsOf(machine()).map(({ kind }) => kind);
    const order = ['stop-service', 'backup-data', 'switch', 'run-program', 'start-service', 'forget-backup'] as const;
    expect(order.map((kind) => kinds.indexOf(kind))).toEqual(
      order.map((kind) => kinds.indexOf(kind)).toSorted((a, b) => a - b),
    );
    expect(stepsOf(machine()).at(-1)).toMatchObject({ kind: 'forget-backup', phase: 'clean' });
  });

  test('takes the point of no return away; programs that say how they are undone still are', () => {
    const plan = planOf(machine().install());
    expect(plan.pointOfNoReturn).toBeNull();
    expect(plan.steps.flatMap((step) => (step.kind === 'run-program' ? [[step.verb, step.undo]] : []))).toEqual([
      ['migrate', 'the data comes back from its backup'],
      ['run', 'run bin/unindex down'],
    ]);
    expect(plan.notes.join()).toContain('what was written since then would be lost');
  });

  test('does not bring back what a live service was told: that stays a point of no return', () => {
    const steps = [
      { suspend: 'main' },
      { backup: true },
      { migrate: 'main', irreversible: true, extra: 1 },
      { resume: 'main' },
    ];
    const plan = planOf(machine({}, steps).install());
    expect(plan.steps[(plan.pointOfNoReturn ?? 0) - 1]).toMatchObject({ kind: 'control-service', verb: 'migrate' });
  });

  test.each<readonly [string, Partial<DataFolder['copies']>, RegExp]>([
    ['blocks', { space: { bytes: 50 * MIB, inodes: 5000 } }, /needs 127 MiB, and 50 MiB are free in \/srv\/app\/data/],
    ['inodes', { space: { bytes: 200 * MIB, inodes: 900 } }, /needs 2000 inodes, and 900 are free/],
    [
      'inodes, even where blocks are shared',
      { sharesBlocks: true, space: { bytes: 50 * MIB, inodes: 900 } },
      /needs 2000 inodes/,
    ],
  ])('is refused for want of %s', (_what, copies, message) => {
    const refusal = refusalOf(machine(copies).install());
    expect(refusal.code).toBe('no-space');
    expect(refusal.message).toMatch(message);
  });

  test('takes no blocks where the file system shares them', () => {
    expect(
      planOf(machine({ sharesBlocks: true, space: { bytes: 50 * MIB, inodes: 5000 } }).install()).steps,
    ).not.toEqual([]);
  });
});
