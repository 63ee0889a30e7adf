import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Announcement, Step } from '../../src/model/index.ts';
import { interruptionMeter } from '../../src/operations/notify/interruption-meter.ts';
import { type Workbench, workbench } from '../support/pkg.ts';
import { serviceBench } from './service-bench.ts';

/** Adds a listener of shell that keeps all it hears. */
async function listener(t: Pick<Workbench, 'home' | 'ok'>, name = 'chat', more: readonly string[] = []) {
  const script = path.join(t.home, `${name}.sh`);
  const heard = path.join(t.home, `${name}.heard`);
  fs.writeFileSync(script, `#!/bin/sh\ncat >>${heard}\nenv >>${heard}.env\n`, { mode: 0o755 });
  await t.ok('notify', 'add', name, ...more, '--', script);
  return {
    env: () => fs.readFileSync(`${heard}.env`, 'utf8'),
    heard: (): readonly Announcement[] =>
      fs.existsSync(heard)
        ? fs
            .readFileSync(heard, 'utf8')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as Announcement)
        : [],
  };
}

describe('whoever listens', () => {
  test('hears of a change that takes a service away, with the time that it took', async () => {
    const t = await serviceBench();
    const chat = await listener(t);
    await t.ok('install', '-y', await t.web('web', '1.0.0', { autostart: true }));
    await t.ok('install', '-y', await t.web('web', '2.0.0', { autostart: true }));
    const heard = chat.heard();
    expect(heard.map(({ event, transaction }) => [event, transaction])).toEqual([
      ['planned', null],
      ['started', 1],
      ['finished', 1],
      ['planned', null],
      ['started', 2],
      ['finished', 2],
    ]);
    expect(heard[5]).toMatchObject({
      root: t.root,
      changes: [{ name: 'web', from: '1.0.0', to: '2.0.0', direction: 'up' }],
      class: 'restart',
      command: expect.stringContaining('pkg install'),
      error: null,
    });
    expect(heard[4]?.interruption.measured).toBe(null);
    expect(heard[5]?.interruption.expected).toBeGreaterThan(0);
    expect(heard[5]?.interruption.measured).toBeGreaterThan(0);
    expect(heard[2]?.interruption.measured).toBe(0);
    expect(chat.env()).toContain('PKG_CHANGES=web 1.0.0 -> 2.0.0');
  });

  test('hears that a change was undone and why, and of the end of a trial', async () => {
    const t = workbench();
    const chat = await listener(t);
    const { exit } = await t.pkg('install', '-y', await t.bundle('web', '1.0.0', { hooks: { postinstall: 'exit 4' } }));
    expect(exit).toBe(1);
    expect(chat.heard().at(-1)).toMatchObject({
      event: 'undone',
      error: { code: 'hook-failed', message: expect.stringContaining('postinstall install of web 1.0.0 failed') },
    });
    const good = await t.bundle('web', '1.1.0');
    await t.ok('install', '-y', good, '--try', '1h');
    expect(chat.heard().at(-1)).toMatchObject({ event: 'finished', trialUntil: expect.any(String) });
    await t.ok('rollback', '-y');
    expect(chat.heard().at(-1)).toMatchObject({ event: 'undone', transaction: 2 });
    await t.ok('install', '-y', good, '--try', '1h');
    await t.ok('commit');
    expect(chat.heard().at(-1)).toMatchObject({ event: 'finished', transaction: 3, trialUntil: null });
  });

  test('hears of a change that was cut short when it is recovered', async () => {
    const t = workbench();
    const chat = await listener(t, 'chat', ['--on', 'undone', '--on', 'started']);
    await t.pkg('install', '-y', await t.bundle('web', '1.0.0', { hooks: { postinstall: 'kill -9 $PPID' } }));
    expect(chat.heard().map(({ event }) => event)).toEqual(['started']);
    await t.ok('recover');
    expect(chat.heard().map(({ event, transaction }) => [event, transaction])).toEqual([
      ['started', 1],
      ['undone', 1],
    ]);
  });

  test('hears no secret', async () => {
    const t = workbench();
    const chat = await listener(t);
    const answers = path.join(t.home, 'answers.json');
    fs.writeFileSync(answers, JSON.stringify({ web: { password: 'sesame-open' } }));
    const settings = { password: { type: 'string', secret: true, prompt: 'Password' } };
    await t.ok('install', '-y', await t.bundle('web', '1.0.0', { settings }), '--settings', answers);
    expect(JSON.stringify(chat.heard()) + chat.env()).not.toContain('sesame');
    expect(chat.heard()).toHaveLength(3);
  });
});

describe('no change depends on', () => {
  test('listeners that hang, fail, print secrets of their own, or are not there', async () => {
    const t = workbench();
    const chat = await listener(t);
    for (const [name, text] of [
      ['hangs', 'exec sleep 1000'],
      ['fails', 'echo no network >&2; exit 3'],
    ] as const) {
      const script = path.join(t.home, name);
      fs.writeFileSync(script, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
      await t.ok('notify', 'add', name, '--timeout', '300ms', '--', script);
    }
    await t.ok('notify', 'add', 'gone', '--', '/nowhere/to/be/found');
    const { json, events } = await t.ok('install', '-y', '--json', await t.bundle('web', '1.0.0'));
    expect(json).toMatchObject({ event: 'result', outcome: 'committed' });
    const warnings = events.filter(({ event }) => event === 'warning').map(({ message }) => message as string);
    expect(warnings.filter((message) => message.startsWith('hangs'))).toEqual([
      "hangs, which is to be told of 'planned', did not end within 300ms; the change does not depend on it",
    ]);
    expect(warnings).toContain(
      "fails, which is to be told of 'finished', ended with 3: no network; the change does not depend on it",
    );
    expect(warnings.some((message) => /^gone.*could not be run.*\/nowhere\/to\/be\/found/.test(message))).toBe(true);
    expect(chat.heard()).toHaveLength(3);
  });
});

test('a listener is tried, listed and taken away', async () => {
  const t = workbench();
  const chat = await listener(t, 'chat', ['--on', 'undone']);
  expect((await t.ok('notify')).out).toContain('chat on undone: ');
  await t.ok('notify', 'test', 'chat');
  expect(chat.heard()).toMatchObject([{ event: 'test', changes: [] }]);
  await t.ok('notify', 'remove', 'chat');
  expect((await t.ok('notify', '--json')).json.notify).toEqual({});
  await t.ok('notify', 'add', 'no', '--', '/bin/false');
  const { exit, err } = await t.pkg('notify', 'test', 'no');
  expect([exit, err]).toEqual([1, expect.stringContaining("no, which is to be told of 'test', ended with 1")]);
});

test.each([
  [['add', 'chat'], 'missing the command to tell'],
  [['add', 'chat', '--', 'tell-chat'], "'tell-chat' is not an absolute path"],
  [['add', '../chat', '--', '/bin/true'], "'../chat' cannot be a name"],
  [['add', 'chat', '--on', 'done', '--', '/bin/true'], '--on takes planned, started'],
  [['add', 'chat', '--timeout', 'soon', '--', '/bin/true'], "'soon' is not a duration"],
  [['test', 'chat'], "no command 'chat'"],
  [['remove', 'chat'], "no command 'chat'"],
])('notify %j is refused', async (words, message) => {
  const { exit, err } = await workbench().pkg('notify', ...words);
  expect(exit).toBeGreaterThan(0);
  expect(err).toContain(message);
});

describe('the measured interruption', () => {
  const at = (service: string) => ({ name: { bundle: 'web', service }, bundle: { name: 'web' }, generation: 1 });
  const step = (kind: string, service: string, phase = 'quiesce') =>
    ({ kind, phase, service: at(service), old: at(service) }) as unknown as Step;

  test('is that of the service which was away for longest, all its times together', () => {
    let now = 0;
    const meter = interruptionMeter(() => now);
    const see = (time: number, seen: Step, state: string) => {
      now = time;
      meter.note({ step: seen, state });
    };
    see(100, step('stop-service', 'a'), 'doing');
    see(150, step('restart-service', 'b', 'apply'), 'doing');
    see(180, step('restart-service', 'b', 'apply'), 'done');
    see(300, step('start-service', 'a', 'apply'), 'done');
    expect(meter.milliseconds()).toBe(200);
    see(400, step('restart-service', 'a', 'apply'), 'doing');
    see(450, step('guard-service', 'a'), 'undone');
    expect(meter.milliseconds()).toBe(250);
    see(500, step('stop-service', 'b'), 'doing');
    now = 900;
    expect(meter.milliseconds()).toBe(430);
  });
});
