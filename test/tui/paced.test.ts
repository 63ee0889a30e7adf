import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { paced } from '../../src/cli/tui/terminal/paced.ts';
import { makeStore } from '../../src/cli/tui/terminal/store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('of many events only a few are drawn: the first at once, the last at the end, and a key at any time', () => {
  const store = makeStore(0, (sum: number, more: number) => sum + more);
  const screen = paced(store, { pause: 50, isBusy: () => false });
  const drawn: number[] = [];
  screen.watch(() => drawn.push(screen.state()));
  for (let n = 0; n < 1000; n++) store.send(1);
  expect(drawn).toEqual([1]);
  expect(screen.state()).toBe(1);
  vi.advanceTimersByTime(50);
  expect(drawn).toEqual([1, 1000]);
  store.send(1);
  screen.catchUp();
  expect(drawn).toEqual([1, 1000, 1001]);
  // Work that never rests is seen all the same.
  for (let n = 0; n < 5; n++) {
    vi.setSystemTime(Date.now() + 60);
    vi.advanceTimersByTime(60);
    store.send(1);
  }
  expect(drawn).toHaveLength(8);
  store.send(1);
  screen.stop();
  vi.advanceTimersByTime(1000);
  expect(drawn).toHaveLength(8);
});

test('nothing is drawn on a terminal that has not taken what was drawn before, and then only the last', () => {
  const store = makeStore(0, (sum: number, more: number) => sum + more);
  let isBusy = false;
  const screen = paced(store, { pause: 50, isBusy: () => isBusy });
  const drawn: number[] = [];
  screen.watch(() => drawn.push(screen.state()));
  store.send(1);
  isBusy = true;
  for (let n = 0; n < 10; n++) {
    store.send(1);
    vi.advanceTimersByTime(60);
  }
  expect(drawn).toEqual([1]);
  isBusy = false;
  screen.catchUp();
  expect(drawn).toEqual([1, 11]);
});
