import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { tellLog } from '../../src/cli/views/tell-log.ts';
import type { Event } from '../../src/model/index.ts';
import { workbench } from '../support/pkg.ts';
import { onTerminal } from '../support/terminal.ts';

const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ {2}/;

describe('a change that runs without a terminal', () => {
  test('tells each step in a line with its time', async () => {
    const t = workbench();
    const { err } = await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    const stamped = err.split('\n').filter((line) => STAMP.test(line));
    expect(stamped.map((line) => line.replace(STAMP, ''))).toEqual([
      '[1/4] unpack a 1.0.0',
      '[2/4] keep the archive of a 1.0.0',
      '[3/4] write generation 1',
      '[4/4] switch current to generation 1',
    ]);
  });

  test('tells what failed and what was taken back the same way', async () => {
    const t = workbench();
    const { err } = await t.pkg('install', '-y', await t.bundle('a', '1.0.0', { hooks: { postinstall: 'exit 1' } }));
    expect(err).toMatch(/Z {2}\[5\/5\] run postinstall install of a 1\.0\.0: failed\n/);
    expect(err).toMatch(/Z {2}\[1\/5\] unpack a 1\.0\.0: undone\n/);
  });

  test('tells nothing of its steps with --quiet', async () => {
    const t = workbench();
    expect((await t.ok('install', '-qy', await t.bundle('a', '1.0.0'))).err).toBe('');
  });
});

test('a change on a terminal has no times in its lines', async () => {
  const t = workbench();
  const { screen } = await onTerminal(t, ['install', await t.bundle('a', '1.0.0')], [['Go on?', 'y']]);
  expect(screen).toContain('done: generation 1 is live');
  expect(screen).not.toMatch(/\d\dZ {2}/);
});

describe('a step that takes long', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('gives a sign of life every half minute until it ends', () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 21, 6, 0, 0) });
    const talk = new PassThrough({ encoding: 'utf8' });
    const tell = tellLog(
      { input: new PassThrough(), output: new PassThrough(), talk },
      { quiet: false, verbose: false, color: 'never', rootWords: [] },
    );
    const step = (state: 'doing' | 'done'): Event => {
      const of = { phase: 'stage', kind: 'place-bundle', summary: 'unpack web 1.0.0' } as const;
      return { event: 'step', n: 1, of: 4, ...of, state };
    };
    tell(step('doing'));
    vi.advanceTimersByTime(65_000);
    tell(step('done'));
    vi.advanceTimersByTime(65_000);
    expect(talk.read()).toBe(
      [
        '2026-11-21T06:00:30Z  [1/4] unpack web 1.0.0: for 30 s now',
        '2026-11-21T06:01:00Z  [1/4] unpack web 1.0.0: for 60 s now',
        '2026-11-21T06:01:05Z  [1/4] unpack web 1.0.0',
        '',
      ].join('\n'),
    );
  });
});
