import { describe, expect, it } from 'vitest';
import { Counter } from './counter.ts';

const start = () => Counter.start('counter-node');

describe('control-node', () => {
  it('changes code and state of a running service, up and down, and nobody who comes meanwhile is turned away', async () => {
    await using counter = await start();
    const before = await countOf(counter.visit());
    expect(await counter.ask('suspend', 'up')).toBe(null);
    const waiting = Promise.all([counter.visit(), counter.visit()]);
    expect(await counter.ask('migrate', 'up', { step: 2 })).toBe('counts as 2.0.0');
    expect(await counter.ask('resume', 'up')).toBe(null);
    expect(new Set(await waiting)).toEqual(new Set([`2.0.0 counts ${before + 2}`, `2.0.0 counts ${before + 4}`]));
    expect(await counter.change('down', null)).toEqual([null, 'counts as 1.0.0', null]);
    expect(await counter.visit()).toBe(`1.0.0 counts ${before + 5}`);
  });

  it('hands on what the service throws, and the service goes on as it was', async () => {
    await using counter = await start();
    const before = await countOf(counter.visit());
    await counter.ask('suspend', 'up');
    expect(await counter.ask('migrate', 'up', { step: 0 })).toBe(
      'control-node migrate said no: a step of 0 would not count',
    );
    expect(await counter.ask('migrate', 'down')).toBe('nothing to do');
    await counter.ask('resume', 'down');
    expect(await counter.visit()).toBe(`1.0.0 counts ${before + 1}`);
  });

  it('says which verb a service does not know', async () => {
    await using counter = await start();
    expect(await counter.ask('config', 'up')).toBe(
      "control-node config said no: the service has no handler for 'config'",
    );
  });

  it('is cut off when the service does not answer in time', async () => {
    await using counter = await start();
    process.kill(counter.pid, 'SIGSTOP');
    expect(await counter.ask('suspend', 'up', null, { timeoutMs: 300 })).toBe(
      'control-node suspend did not end in time',
    );
  });

  it('says when the service is gone, at which socket', async () => {
    await using counter = await start();
    process.kill(counter.pid, 'SIGTERM');
    const refusal = () => counter.ask('suspend', 'up');
    await expect
      .poll(refusal, { timeout: 10_000 })
      .toBe(
        `control-node suspend said no: the service does not answer at ${counter.data}/run/server.sock: nobody listens`,
      );
  });
});

async function countOf(visit: Promise<string>): Promise<number> {
  return Number((await visit).split(' ').at(-1));
}
