import { describe, expect, test } from 'vitest';
import { repeatRoot } from '../../src/cli/repeat-root.ts';
import { workbench } from '../support/pkg.ts';

describe('what one is told to run next', () => {
  const root = ['--root', '/srv/the root'];

  test.each([
    ['run: pkg recover', "run: pkg --root '/srv/the root' recover"],
    [
      'pkg commit keeps it, pkg rollback gives it up',
      "pkg --root '/srv/the root' commit keeps it, pkg --root '/srv/the root' rollback gives it up",
    ],
    ['transaction 2 (pkg install a.tgz) was undone', 'transaction 2 (pkg install a.tgz) was undone'],
    ['a newer pkg wrote it', 'a newer pkg wrote it'],
    ['pkg remove --root /other web', 'pkg remove --root /other web'],
    ["pkg --root '/srv/the root' recover", "pkg --root '/srv/the root' recover"],
  ])('%s', (text, told) => {
    expect(repeatRoot(text, root)).toBe(told);
    expect(repeatRoot(text, [])).toBe(text);
  });

  test('names the root again where it was named, in text and in JSON, and only there', async () => {
    const t = workbench();
    const elsewhere = { env: { PKG_ROOT: '/nowhere' } };
    const words = ['--root', t.root, 'install', '--yes', await t.bundle('web', '1.0.0')];
    const done = await t.run(words, elsewhere);
    expect(done.err).toContain(`the way back: pkg --root ${t.root} remove --all`);
    const hint = `pkg --root ${t.root} list --all shows what is installed and kept`;
    const text = await t.run(['install', '--yes', `--root=${t.root}`, 'absent'], elsewhere);
    expect(text.err).toContain(hint);
    const json = await t.run(['install', '--yes', '--json', '--root', t.root, 'absent'], elsewhere);
    expect(json.error.hint).toBe(hint);
    expect((await t.pkg('install', '--yes', 'absent')).err).toContain('hint: pkg list --all');
  });
});
