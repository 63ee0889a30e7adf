import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCurrent } from '../../src/operations/facts/read-current.ts';
import { lostDrift } from '../../src/operations/mend/keep-drift.ts';
import { layoutOf } from '../../src/store/index.ts';
import { type Workbench, workbench } from '../support/pkg.ts';

/** A root with web 1.0.0 whose data.txt was changed by hand, and the archive of 2.0.0. */
async function drifted(t: Workbench): Promise<{ readonly next: string; readonly file: string }> {
  await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
  const file = fs.realpathSync(t.at('current/bundles/web/data.txt'));
  fs.chmodSync(file, 0o644);
  fs.writeFileSync(file, 'web 1.0.0, fixed at night\n');
  return { file, next: await t.bundle('web', '2.0.0') };
}

describe('a file of the live store that was changed by hand', () => {
  test('stops an upgrade, which names it and shows what was changed', async () => {
    const t = workbench();
    const { next, file } = await drifted(t);
    const refused = await t.pkg('install', '-y', next);
    expect(refused.exit).toBe(3);
    expect(refused.err).toContain('data.txt of web 1.0.0 was changed by hand');
    expect(refused.err).toContain('-web 1.0.0\n+web 1.0.0, fixed at night');
    expect(fs.readFileSync(file, 'utf8')).toBe('web 1.0.0, fixed at night\n');
  });

  test('is copied aside when the upgrade is wanted all the same', async () => {
    const t = workbench();
    const { next } = await drifted(t);
    const done = await t.ok('install', '-y', '--accept-drift', next);
    const aside = t.at('transactions/2/drift/web/data.txt');
    expect(done.err).toContain(t.at('transactions/2/drift'));
    expect(fs.readFileSync(aside, 'utf8')).toBe('web 1.0.0, fixed at night\n');
  });

  test('never stops a rollback, which is often the way out', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('web', '0.9.0'));
    await drifted(t);
    await t.ok('rollback', '-y');
    expect(fs.readFileSync(t.at('current/bundles/web/data.txt'), 'utf8')).toBe('web 0.9.0\n');
    expect(fs.readFileSync(t.at('transactions/3/drift/web/data.txt'), 'utf8')).toBe('web 1.0.0, fixed at night\n');
  });

  test('is copied aside also where it is a link that leads nowhere: by a repair, and by a rollback', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('web', '0.9.0'));
    await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
    const lead = (): string => {
      const file = fs.realpathSync(t.at('current/bundles/web/data.txt'));
      fs.chmodSync(path.dirname(file), 0o755);
      fs.rmSync(file);
      fs.symlinkSync('nowhere', file);
      fs.mkdirSync(path.join(path.dirname(file), 'by-hand'));
      fs.symlinkSync('/no/where', path.join(path.dirname(file), 'by-hand/link'));
      return file;
    };
    const file = lead();
    await t.ok('verify', '--repair', '-y');
    expect(fs.readFileSync(file, 'utf8')).toBe('web 1.0.0\n');
    expect(fs.readlinkSync(t.at('transactions/repair-1/web/data.txt'))).toBe('nowhere');
    fs.rmSync(path.join(path.dirname(file), 'by-hand'), { recursive: true });
    lead();
    await t.ok('rollback', '-y');
    expect(fs.readFileSync(t.at('current/bundles/web/data.txt'), 'utf8')).toBe('web 0.9.0\n');
    expect(fs.readlinkSync(t.at('transactions/3/drift/web/data.txt'))).toBe('nowhere');
    expect(fs.readlinkSync(t.at('transactions/3/drift/web/by-hand/link'))).toBe('/no/where');
  });

  test('does not stop a change of another bundle', async () => {
    const t = workbench();
    const { file } = await drifted(t);
    const done = await t.ok('install', '-y', await t.bundle('other', '1.0.0'));
    expect(done.err).toContain('files of web 1.0.0 were changed by hand');
    expect(fs.readFileSync(file, 'utf8')).toBe('web 1.0.0, fixed at night\n');
  });
});

/** A root with web 1.0.0 kept in the store and 2.0.0 live; answers the kept folder and its archive. */
async function keptOld(t: Workbench): Promise<{ readonly folder: string; readonly old: string }> {
  const old = await t.bundle('web', '1.0.0');
  await t.ok('install', '-y', old);
  const folder = fs.realpathSync(t.at('current/bundles/web'));
  await t.ok('install', '-y', await t.bundle('web', '2.0.0'));
  return { folder, old };
}

function edit(file: string, text: string): void {
  fs.chmodSync(file, 0o644);
  fs.writeFileSync(file, text);
  fs.chmodSync(file, 0o444);
}

describe('a kept bundle that was changed by hand', () => {
  test.for(['rollback', 'downgrade'])('never goes live changed: %s', async (word) => {
    const t = workbench();
    const { folder, old } = await keptOld(t);
    edit(path.join(folder, 'data.txt'), 'web 6.6.6\n');
    const { err } = await t.ok(word, '-y', ...(word === 'downgrade' ? ['--force', old] : []));
    expect(t.read('current/bundles/web/data.txt')).toBe('web 1.0.0\n');
    expect(err).toContain('files of web 1.0.0 in the store were changed by hand; the shipped ones were put back');
    expect(t.read('transactions/repair-1/web/data.txt')).toBe('web 6.6.6\n');
    await t.ok('verify');
  });

  test('never goes live changed through the file it shares with the version that was edited', async () => {
    const t = workbench();
    const files = { 'shared.txt': 'as shipped\n' };
    await t.ok('install', '-y', await t.bundle('web', '1.0.0', { files }));
    await t.ok('install', '-y', await t.bundle('web', '2.0.0', { files }));
    edit(fs.realpathSync(t.at('current/bundles/web/shared.txt')), 'fixed at night\n');
    await t.ok('rollback', '-y');
    expect(t.read('current/bundles/web/shared.txt')).toBe('as shipped\n');
    expect(t.read('transactions/3/drift/web/shared.txt')).toBe('fixed at night\n');
  });

  test('stops the way back when its archive is not kept', async () => {
    const t = workbench();
    const { folder } = await keptOld(t);
    edit(path.join(folder, 'data.txt'), 'web 6.6.6\n');
    for (const name of fs.readdirSync(t.at('archives'))) fs.rmSync(t.at('archives', name));
    const { exit, err } = await t.pkg('rollback', '-y');
    expect(exit).toBe(3);
    expect(err).toContain('error[drift]: cannot repair web 1.0.0: its archive is not kept');
    expect(err).toContain('nothing was changed, generation 2 is live');
    expect(fs.readFileSync(path.join(folder, 'data.txt'), 'utf8')).toBe('web 6.6.6\n');
  });

  test('is not planned with when its manifest is not the shipped one', async () => {
    const t = workbench();
    const { folder } = await keptOld(t);
    const file = path.join(folder, 'bundle.json');
    edit(file, fs.readFileSync(file, 'utf8').replace('{', '{"summary":"mine",'));
    const { exit, err } = await t.pkg('rollback', '-y');
    expect(exit).toBe(3);
    expect(err).toContain('hint: pkg verify --all --repair');
    await t.ok('verify', '--all', '--repair');
    await t.ok('rollback', '-y');
  });
});

describe('a file that was added by hand', () => {
  test('is no hindrance when it cannot be copied, such as a pipe', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
    t.tamper(path.join('current/bundles/web', 'notes.txt'), 'mine\n');
    execFileSync('mkfifo', [t.at('current/bundles/web/control')]);
    await t.ok('install', '-y', await t.bundle('web', '2.0.0'));
    expect(fs.readdirSync(t.at('transactions/2/drift/web'))).toEqual(['notes.txt']);
  });

  test('is copied aside when its bundle changes, and stops nothing', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
    t.tamper(path.join('current/bundles/web', 'notes.txt'), 'mine\n');
    const { err } = await t.ok('install', '-y', await t.bundle('web', '2.0.0'));
    expect(err).toContain(`files changed by hand were copied aside to ${t.at('transactions/2/drift')}`);
    expect(t.read('transactions/2/drift/web/notes.txt')).toBe('mine\n');
  });

  test('stays where it is when another bundle changes', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
    t.tamper(path.join('current/bundles/web', 'notes.txt'), 'mine\n');
    const { err } = await t.ok('install', '-y', await t.bundle('other', '1.0.0'));
    expect(err).not.toContain('copied aside');
    expect(t.read('current/bundles/web/notes.txt')).toBe('mine\n');
  });
});

test('what is edited while the plan is thought about is copied aside as well', async () => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
  const layout = layoutOf(t.root);
  const asked = { current: readCurrent(layout), drift: [], added: [] };
  edit(fs.realpathSync(t.at('current/bundles/web/data.txt')), 'web 6.6.6\n');
  const changes = [{ name: 'web' }];
  for (const minutes of [-60, 60]) {
    // Clocks are also set back.
    const now = new Date(Date.now() + minutes * 60_000).toISOString();
    const lost = await lostDrift({ changes }, { ...asked, now }, layout);
    expect(lost.map(({ path: file, change }) => [file, change])).toEqual([['data.txt', 'changed']]);
  }
});

test('a change that failed does not make the next one blind for what was changed by hand', async () => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
  edit(fs.realpathSync(t.at('current/bundles/web/data.txt')), 'web 6.6.6\n');
  const broken = await t.bundle('web', '2.0.0', { hooks: { preinstall: 'exit 1' } });
  expect((await t.pkg('install', '-y', '--accept-drift', broken)).exit).toBe(1);
  const { exit, err } = await t.pkg('install', '-y', await t.bundle('web', '3.0.0'));
  expect(exit).toBe(3);
  expect(err).toContain('data.txt of web 1.0.0 was changed by hand');
});
