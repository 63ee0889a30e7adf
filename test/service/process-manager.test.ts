import { beforeEach, describe, expect, test } from 'vitest';
import { readText } from '../../src/system/index.ts';
import { isDead, type ServiceWorld, serviceWorld, until } from './service-world.ts';

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld();
});

describe('a service of the manager process', () => {
  test('starts, is ready, and is gone when the stop returns', async () => {
    const launch = world.launch({ ready: world.asks('1.0.0') });
    const record = await world.start(launch);
    await world.ready(launch, record);
    expect(await world.condition(record)).toEqual({ state: 'running', pid: record.pid, supervised: false });
    expect(world.recorded(launch)).toEqual(record);
    const after = await world.stop(record);
    expect(isDead(record.pid)).toBe(true);
    expect(after).toMatchObject({ pid: null, startTime: null, bootId: null, instance: null, enabled: true });
    expect(world.recorded(launch)).toEqual(after);
    expect(await world.condition(after)).toMatchObject({ state: 'stopped', pid: null });
    expect(world.told.at(-1)).toMatch(/answers 200$/);
  });

  test('is a session of its own with its own environment, an empty stdin and no descriptor of ours', async () => {
    const script =
      'env | cut -d= -f1 | sort | tr "\\n" " "; echo; cat; umask; for n in 3 4 5 6 7 8 9; do readlink /proc/$$/fd/$n; done; echo end; exec sleep 1000';
    const launch = world.launch({ start: ['/bin/sh', '-c', script] }, { port: null });
    const record = await world.start(launch);
    await until(() => world.log(launch).includes('end'));
    expect(world.log(launch).split('\n')).toEqual([
      expect.stringMatching(/^(OLDPWD )?PATH PKG_INSTANCE PKG_ROOT PKG_SERVICE PWD (SHLVL )?(_ )?$/),
      '0022',
      'end',
      '',
    ]);
    expect(readText(`/proc/${record.pid}/stat`)?.split(' ')[5]).toBe(String(record.pid));
  });
});
