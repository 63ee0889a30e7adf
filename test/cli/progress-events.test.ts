import { expect, test } from 'vitest';
import { type Answer, workbench } from '../support/pkg.ts';

test('what a hook prints is told while it runs, line by line, and before its step is over', async () => {
  const t = workbench();
  const hooks = { postinstall: 'echo one; echo two; printf three' };
  const { events } = await t.ok('install', '--yes', '--json', await t.bundle('web', '1.0.0', { hooks }));
  const lines = events.filter(({ event }: Answer) => event === 'output');
  expect(lines.map(({ line }: Answer) => line)).toEqual(['one', 'two', 'three']);
  expect(lines[0]).toMatchObject({ title: 'postinstall install of web 1.0.0' });
  const done = events.findIndex(({ kind, state }: Answer) => kind === 'run-hook' && state === 'done');
  expect(events.findLastIndex(({ event }: Answer) => event === 'output')).toBeLessThan(done);
});

test('of a hook that prints more than anybody reads, the end is told, and all of it is in the log', async () => {
  const t = workbench();
  const hooks = { postinstall: 'seq 1 200000' };
  const { events } = await t.ok('install', '--yes', '--json', await t.bundle('web', '1.0.0', { hooks }));
  const lines = events.filter(({ event }: Answer) => event === 'output').map(({ line }: Answer) => line);
  expect(lines.at(-1)).toBe('200000');
  expect((await t.ok('logs', '--transaction', '1')).out).toContain('\n100000\n');
});

test('a bundle being unpacked says how much of it is there', async () => {
  const t = workbench();
  const { events } = await t.ok('install', '--yes', '--json', await t.bundle('web', '1.0.0'));
  const { bytes, of, files, ofFiles, name } = events.findLast(({ event }: Answer) => event === 'progress');
  expect({ bytes, files, name }).toEqual({ bytes: of, files: ofFiles, name: 'web' });
});
