import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Workbench, workbench } from '../support/pkg.ts';

/** A root with web 1.0.0 whose data.txt was changed by hand, and the archive of 2.0.0. */
async function drifted(t: Workbench): Promise<{ readonly next: string; readonly file: string }> {
  await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
  const file = fs.realpathSync(t.at('current/bundles/web/data.txt'));
  fs.chmodSync(file, 0o644);
  fs.writeFileSync(file, 'web 1.0.0, mended at night\n');
  return { file, next: await t.bundle('web', '2.0.0') };
}

describe('a file of the live store that was changed by hand', () => {
  test('stops an upgrade, which names it and shows what was changed', async () => {
    const t = workbench();
    const { next, file } = await drifted(t);
    const refused = await t.pkg('install', '-y', next);
    expect(refused.exit).toBe(3);
    expect(refused.err).toContain('data.txt of web 1.0.0 was changed by hand');
    expect(refused.err).toContain('-web 1.0.0\n+web 1.0.0, mended at night');
    expect(fs.readFileSync(file, 'utf8')).toBe('web 1.0.0, mended at night\n');
  });

  test('is copied aside when the upgrade is wanted all the same', async () => {
    const t = workbench();
    const { next } = await drifted(t);
    const done = await t.ok('install', '-y', '--accept-drift', next);
    const aside = t.at('transactions/2/drift/web/data.txt');
    expect(done.err).toContain(t.at('transactions/2/drift'));
    expect(fs.readFileSync(aside, 'utf8')).toBe('web 1.0.0, mended at night\n');
  });

  test('never stops a rollback, which is often the way out', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('web', '0.9.0'));
    await drifted(t);
    await t.ok('rollback', '-y');
    expect(fs.readFileSync(t.at('current/bundles/web/data.txt'), 'utf8')).toBe('web 0.9.0\n');
    expect(fs.readFileSync(t.at('transactions/3/drift/web/data.txt'), 'utf8')).toBe('web 1.0.0, mended at night\n');
  });

  test('does not stop a change of another bundle', async () => {
    const t = workbench();
    const { file } = await drifted(t);
    const done = await t.ok('install', '-y', await t.bundle('other', '1.0.0'));
    expect(done.err).toContain('files of web 1.0.0 were changed by hand');
    expect(fs.readFileSync(file, 'utf8')).toBe('web 1.0.0, mended at night\n');
  });
});
