import { join } from 'node:path';
import { renderToString } from 'ink';
import { createElement } from 'react';
import { describe, expect, test } from 'vitest';
import { Frame } from '../../src/cli/tui/terminal/app.tsx';
import { frame } from '../../src/cli/tui/change/frame.ts';
import { PLAIN } from '../../src/cli/tui/terminal/plain.ts';
import type { Input, State } from '../../src/cli/tui/change/state.ts';
import {
  ASKED,
  ASKED_ONE_WAY,
  CONFLICT,
  events,
  FORM,
  keys,
  LOSS,
  PLAN,
  screenAfter,
  UNDONE,
  question,
  UNPACKING,
  WORKING,
} from './sample.ts';

const SMALL: Input = { kind: 'size', size: { columns: 60, rows: 15 } };

const SCREENS: Readonly<Record<string, readonly Input[]>> = {
  settings: [FORM, ...keys('down', 'enter', 'd', 'b', 'enter', ...'open sesame', 'enter', ...'80000', 'enter')],
  'data-loss': [...ASKED, LOSS, ...keys('w', 'e')],
  plan: ASKED,
  'plan-steps': [...ASKED, ...keys('tab')],
  'plan-one-way-steps': [...ASKED_ONE_WAY, ...keys('tab', 'y', 'e', 's')],
  'plan-one-way': [...ASKED_ONE_WAY, ...keys('y', 'e')],
  'plan-small': [...ASKED_ONE_WAY, SMALL],
  conflict: [CONFLICT],
  'conflict-side-by-side': [CONFLICT, ...keys('tab')],
  unpacking: UNPACKING,
  work: WORKING,
  'work-interrupted': [...WORKING, ...keys('interrupt')],
  'work-small': [...WORKING, SMALL],
  undone: UNDONE,
  help: [...ASKED, ...keys('?')],
};

describe('a screen', () => {
  test.each(Object.entries(SCREENS))('%s is what docs/screens shows', async (name, inputs) => {
    const file = join(import.meta.dirname, '../../docs/screens', `${name}.txt`);
    await expect(`${drawn(screenAfter(...inputs))}\n`).toMatchFileSnapshot(file);
  });

  test.each(Object.entries(SCREENS))('%s fits into every window down to 60x15', (_, inputs) => {
    for (const size of [
      { columns: 60, rows: 15 },
      { columns: 80, rows: 24 },
      { columns: 200, rows: 60 },
    ]) {
      const lines = drawn(screenAfter(...inputs, { kind: 'size', size })).split('\n');
      expect(lines.length).toBeLessThanOrEqual(size.rows);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(size.columns);
      // All keys of the footer can be read.
      expect(lines.at(-1)).not.toContain('…');
      expect(lines.at(-2)).not.toContain('…');
    }
  });

  test('of a plan names a merge of configuration once, however often it is made', () => {
    const picture = drawn(screenAfter(...ASKED));
    expect(picture).toContain('|- merge the configuration of web 2.0.0');
    expect(picture).not.toContain('take along');
    expect(drawn(screenAfter(...ASKED, ...keys('tab')))).toContain('take along what was edited meanwhile in web 2.0.0');
  });

  test('of a change that was undone ends with the cause, its log and the next commands, also in a small window', () => {
    const small = drawn(screenAfter(...UNDONE, SMALL));
    for (const told of ['undone: everything', 'cannot reach the database', 'web-postinstall.log', 'pkg history 2'])
      expect(small).toContain(told);
  });

  test('of a plan that deletes data has the consent to that on its command line', () => {
    const data = { what: 'data', path: '/srv/data/web', bytes: 1, entries: 1, leadsTo: null } as const;
    const common = { phase: 'clean', summary: 'purge web', undo: 'none' } as const;
    const plan = { ...PLAN, steps: [{ ...common, kind: 'purge', name: 'web', deletes: [data] } as const] };
    const picture = drawn(screenAfter(...events([0, { event: 'plan', plan }])));
    expect(picture).toContain('--accept-data-loss web');
    expect(picture).toContain('point of no return: purge web');
  });

  test('of settings never shows a secret, while it is typed and afterwards', () => {
    const typed = [FORM, ...keys('enter', ...'sesame')];
    expect(drawn(screenAfter(...typed))).toContain('> ******_');
    for (const later of [typed, [...typed, ...keys('enter')], [...typed, ...keys('enter', 'enter')]])
      expect(drawn(screenAfter(...ASKED, ...later))).not.toContain('sesame');
  });

  test('of settings keeps the question in sight, however many were asked and however much is typed', () => {
    const questions = Array.from({ length: 40 }, (_, n) => question(`port-${n}`, { type: 'string' }, '80'));
    const form: Input = { kind: 'settings', form: { questions, asked: [0], taken: new Map(), problem: null } };
    const answered = Array<string>(39).fill('enter');
    const small = drawn(screenAfter(form, SMALL, ...keys(...answered, ...'1'.repeat(90), '2')));
    expect(small).toContain('web.port-39');
    expect(small).toMatch(/> ~1+2_/);
  });

  test('of what others print shows nothing that could move the cursor', () => {
    expect(drawn(screenAfter(...WORKING))).toContain('| migrating table 3 of 7\n');
  });

  test('with a thousand bundles shows the first, and the last on End', () => {
    const changes = Array.from({ length: 1000 }, (_, n) => ({ ...PLAN.changes[0], name: `bundle-${n}` }) as const);
    const plan = { ...PLAN, changes: changes as typeof PLAN.changes };
    const asked = events([0, { event: 'plan', plan }]);
    expect(drawn(screenAfter(...asked))).toContain('bundle-0 ');
    expect(drawn(screenAfter(...asked, ...keys('end')))).toContain('bundle-999');
  });
});

function drawn(state: State): string {
  return renderToString(createElement(Frame, { lines: frame(state, PLAIN) }), { columns: state.size.columns });
}
