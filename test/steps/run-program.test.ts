import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Step } from '../../src/model/index.ts';
import { type Body, stepWorld } from './step-world.ts';

type Program = Extract<Step, { readonly kind: 'run-program' }>;

const MIGRATE = `#!/bin/sh
echo "$(basename "$0") $* $(cat)" >> "$PKG_ROOT/../told"
if [ -e "$PKG_BUNDLE_DIR/full" ]; then echo 'no room in the database'; exit 7; fi
`;

async function migrating(files: Readonly<Record<string, string>> = {}) {
  const t = stepWorld();
  const bundle = await t.stage('web', '2.0.0', { files: { 'bin/migrate': MIGRATE, 'bin/undo': MIGRATE, ...files } });
  t.live(1, [bundle]);
  const step = (wish: Partial<Program> = {}): Body => ({
    kind: 'run-program',
    verb: 'migrate',
    bundle,
    generation: 1,
    run: ['bin/migrate', '${data}'],
    undoRun: ['bin/migrate'],
    direction: 'up',
    fromVersion: '1.0.0',
    toVersion: '2.0.0',
    extra: { to: 2 },
    timeout: '5s',
    irreversible: false,
    ...wish,
  });
  const told = (): readonly string[] => fs.readFileSync(path.join(t.home, 'told'), 'utf8').trim().split('\n');
  return { ...t, step, told };
}

describe('run-program', () => {
  test('it is told the way, and on undo the way back', async () => {
    const t = await migrating();
    await t.undo(t.step(), await t.do(t.step()));
    expect(t.told()).toEqual([
      `migrate ${t.layout.dataOf('web')} up 1.0.0 2.0.0 {"to":2}`,
      'migrate down 2.0.0 1.0.0 {"to":2}',
    ]);
  });

  test('going down, it is the other way round', async () => {
    const t = await migrating();
    const step = t.step({ direction: 'down', fromVersion: '2.0.0', toVersion: '1.0.0', undoRun: ['bin/undo'] });
    await t.undo(step, await t.do(step));
    expect(t.told().map((line) => line.replace(/ \{.*/, ''))).toEqual([
      `migrate ${t.layout.dataOf('web')} down 2.0.0 1.0.0`,
      'undo up 1.0.0 2.0.0',
    ]);
  });

  test('one that changes nothing has nothing to undo', async () => {
    const t = await migrating();
    const step = t.step({ verb: 'prepare', undoRun: null });
    await t.undo(step, await t.do(step));
    expect(t.told()).toHaveLength(1);
  });

  test('a migration that fails says why; a check that says no is a gate', async () => {
    const t = await migrating({ full: '' });
    await expect(t.do(t.step())).rejects.toMatchObject({
      code: 'step-failed',
      message: expect.stringMatching(
        /^migrate .* of web 2\.0\.0 failed with exit status 7:\n {2}no room in the database$/,
      ),
    });
    await expect(t.do(t.step({ verb: 'check' }))).rejects.toMatchObject({ code: 'check-failed' });
  });
});
