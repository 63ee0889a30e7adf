import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { snapshot, workbench } from '../support/pkg.ts';
import { onTerminal } from '../support/terminal.ts';

describe('apply', () => {
  test('with --dry-run shows the stored plan and changes nothing', async () => {
    const t = workbench();
    const plan = path.join(t.home, 'plan.json');
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    await t.ok('plan', 'install', await t.bundle('a', '2.0.0'), '-o', plan);
    const before = snapshot(t.root);
    const looked = await t.ok('apply', plan, '--dry-run', '--json');
    expect(looked.events.map(({ event }) => event)).toEqual(['plan', 'result']);
    expect(looked.json).toMatchObject({ outcome: 'nothing-to-do', generation: 1, changes: [{ name: 'a' }] });
    expect(snapshot(t.root)).toEqual(before);

    await t.ok('install', '-y', await t.bundle('b', '1.0.0'));
    expect(await t.pkg('apply', plan, '-n', '--json')).toMatchObject({ exit: 3, error: { code: 'stale-plan' } });
  });

  test('that nobody agrees to leaves no new root behind', async () => {
    const t = workbench();
    const plan = path.join(t.home, 'plan.json');
    await t.ok('plan', 'install', await t.bundle('a', '1.0.0'), '-o', plan);
    const declined = await onTerminal(t, ['apply', plan], [['Go on? [y/N]', 'n']]);
    expect(declined).toMatchObject({ exit: 3, screen: expect.stringContaining('the plan was declined') });
    expect(await t.pkg('apply', plan)).toMatchObject({ exit: 2 });
    expect(fs.existsSync(t.root)).toBe(false);

    const { screen } = await onTerminal(t, ['apply', plan], [['Go on? [y/N]', 'y']]);
    expect(screen.split('Go on?')).toHaveLength(2);
    expect(await t.installed()).toEqual(['a@1.0.0']);
  });

  test('is not promised a plan that cannot be written', async () => {
    const t = workbench();
    const archive = await t.bundle('a', '1.0.0');
    for (const output of [path.join(t.home, 'no/such/plan.json'), t.home]) {
      const { exit, events } = await t.pkg('plan', 'install', archive, '-o', output, '--json');
      expect({ exit, events }).toEqual({ exit: 2, events: [expect.objectContaining({ code: 'no-such-file' })] });
    }
    expect((await t.ok('plan', 'install', archive, '-o', '/dev/null', '--json')).events).toHaveLength(1);
  });

  test('of a plan that is stale leaves no new root behind', async () => {
    const t = workbench();
    const plan = path.join(t.home, 'plan.json');
    const archive = await t.bundle('a', '1.0.0');
    await t.ok('plan', 'install', archive, '-o', plan);
    fs.rmSync(archive);
    expect(await t.pkg('apply', '-y', plan, '--json')).toMatchObject({ exit: 3, error: { code: 'stale-plan' } });
    expect(fs.existsSync(t.root)).toBe(false);
  });

  test('refuses a plan whose bundle was collected meanwhile, before anything begins', async () => {
    const t = workbench();
    const plan = path.join(t.home, 'plan.json');
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    await t.ok('install', '-y', await t.bundle('a', '2.0.0'));
    await t.ok('plan', 'rollback', '-o', plan);
    await t.ok('gc', '--keep', '1');
    const refused = await t.pkg('apply', '-y', plan, '--json');
    expect(refused).toMatchObject({ exit: 3, error: { code: 'stale-plan' } });
    expect(refused.error.message).toBe('the plan needs a 1.0.0, which is no longer kept');
    expect(fs.readdirSync(t.at('transactions'))).not.toContain('3');
  });

  test('refuses a plan whose configuration was collected meanwhile', async () => {
    const t = workbench();
    const plan = path.join(t.home, 'plan.json');
    const wish = { files: { 'etc/a.json': '{}\n' }, config: [{ path: 'etc/a.json' }] };
    await t.ok('install', '-y', await t.bundle('a', '1.0.0', wish));
    await t.ok('install', '-y', await t.bundle('a', '2.0.0', wish));
    await t.ok('plan', 'rollback', '-o', plan);
    fs.rmSync(t.at('config/a/1'), { recursive: true });
    const { exit, error } = await t.pkg('apply', '-y', plan, '--json');
    expect({ exit, code: error.code }).toEqual({ exit: 3, code: 'stale-plan' });
    expect(error.message).toContain('the configuration of a from generation 1');
    expect(await t.installed()).toEqual(['a@2.0.0']);
  });
});
