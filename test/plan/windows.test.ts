import { describe, expect, test } from 'vitest';
import type { WindowState } from '../../src/model/index.ts';
import { checkWindows } from '../../src/plan/index.ts';
import { planOf, world } from './world.ts';

const now = '2026-11-22T02:00:00.000Z';
const next = { name: 'sunday', opens: '2026-11-29T02:00:00.000Z' };
const closed: WindowState = { openUntil: null, next };
const openFor = (minutes: number): WindowState => ({
  openUntil: new Date(Date.parse(now) + minutes * 60_000).toISOString(),
  next,
});

const upgrade = () => world().with('web 1.0.0').offer('web 2.0.0');
const asked = (windows: WindowState | null, { plan = planOf(upgrade().install()), seconds = 0 } = {}) => {
  const refusal = checkWindows(plan, { windows, now, lasted: new Map([['web', seconds * 1000]]) })?.refusal;
  return refusal === undefined ? 'goes on' : `${refusal.code}: ${refusal.message} | ${refusal.hint}`;
};

describe('a change', () => {
  test('goes on at any time where there are no windows, and while one is open', () => {
    expect(asked(null)).toBe('goes on');
    expect(asked(openFor(10))).toBe('goes on');
  });

  test('is refused outside of them, with the time of the next one', () => {
    expect(asked(closed)).toBe(
      'window: this root may not be changed now: no window is open | the next window, sunday, opens 2026-11-29 02:00 GMT; if it cannot wait: --ignore-window',
    );
    expect(asked({ openUntil: null, next: null })).toContain('no window opens any more');
  });

  test('is refused when the last one took longer than is left of the window', () => {
    expect(asked(openFor(5), { seconds: 290 })).toBe('goes on');
    expect(asked(openFor(5), { seconds: 310 })).toContain(
      'the change takes about 310 s, but the window closes in 300 s, at 2026-11-22 02:05 GMT',
    );
  });

  test('goes on with an override, which is recorded', () => {
    const plan = planOf(upgrade().install({ overrides: { ignoreWindow: true } }));
    expect(plan.overrides).toEqual(['ignore-window']);
    expect(asked(closed, { plan })).toBe('goes on');
  });
});

test('the way back waits for no window', () => {
  const upgraded = upgrade().after(upgrade().install());
  expect(asked(closed, { plan: planOf(upgraded.rollback()) })).toBe('goes on');
  expect(asked(closed, { plan: planOf(upgraded.remove(['web'])) })).toContain('window: ');
});
