import { expect, test } from 'vitest';
import { workbench } from '../support/pkg.ts';

test('nothing has happened before the first change', async () => {
  const t = workbench();
  expect((await t.ok('history', '--json')).json.transactions).toEqual([]);
  expect((await t.ok('history')).err).toContain('nothing has happened');
});

test('tells every change in order: who, what, from where to where, and how it ended', async () => {
  const t = workbench();
  const one = await t.bundle('a', '1.0.0');
  await t.ok('install', '-y', one);
  const bad = await t.bundle('a', '2.0.0', { hooks: { postinstall: 'echo no luck >&2; exit 7' } });
  expect((await t.pkg('install', '-y', bad)).exit).toBe(1);
  const { transactions } = (await t.ok('history', '--json')).json;
  expect(transactions).toMatchObject([
    { id: 1, command: `pkg install -y ${one}`, from: null, to: 1, outcome: 'committed', overrides: [] },
    { id: 2, command: `pkg install -y ${bad}`, from: 1, to: 2, outcome: 'undone' },
  ]);
  expect(transactions[0].changes).toEqual([{ name: 'a', from: null, to: '1.0.0', direction: 'add', class: 'none' }]);
  expect(Date.parse(transactions[0].finishedAt)).toBeGreaterThanOrEqual(Date.parse(transactions[0].startedAt));
  expect((await t.ok('history')).lines).toHaveLength(2);
});

test('shows one change with its steps, why it failed and where its logs are', async () => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
  await t.pkg('install', '-y', await t.bundle('a', '2.0.0', { hooks: { preinstall: 'echo no luck >&2; exit 7' } }));
  const [told] = (await t.ok('history', '2', '--json')).json.transactions;
  expect(told.failure).toMatchObject({ code: 'hook-failed' });
  expect(
    told.steps.some((step: { kind: string; state: string }) => step.kind === 'run-hook' && step.state === 'undone'),
  ).toBe(true);
  expect(told.logs).toEqual([t.at('transactions/2/log/a-preinstall-upgrade-1.0.0.log')]);
  expect((await t.ok('history', '2')).out).toContain('a-preinstall-upgrade-1.0.0.log');
});

test('a number that is no transaction is an error with a hint', async () => {
  const { exit, error } = await workbench().pkg('history', '9', '--json');
  expect(exit).toBe(1);
  expect(error).toMatchObject({ code: 'unknown-name', hint: 'pkg history lists them' });
});
