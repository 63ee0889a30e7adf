import { describe, expect, test } from 'vitest';
import { workbench } from '../support/pkg.ts';

describe('what other tools would have understood', () => {
  test.each([
    ['-Uvh mod_perl-1.26.0.tgz perl-5.6.1.tgz', 'pkg install mod_perl-1.26.0.tgz perl-5.6.1.tgz'],
    ['-ivh a.tgz', 'pkg install a.tgz'],
    ['-i a.tgz b.tgz', 'pkg install a.tgz b.tgz'],
    ['-e web', 'pkg remove web'],
    ['-qa', 'pkg list'],
    ['-qip web.tgz', 'pkg inspect web.tgz'],
    ['-qf /etc/web.conf', 'pkg owner /etc/web.conf'],
    ['-P web', 'pkg remove --purge web'],
    ['-L web', 'pkg files web'],
    ['--configure -a', 'pkg recover'],
    ['-Syu', 'pkg upgrade'],
    ['update', 'pkg upgrade'],
    ['uninstall web --yes', 'pkg remove web --yes'],
    ['purge web', 'pkg remove --purge web'],
    ['undo', 'pkg rollback'],
    ['--root show uninstall web', 'pkg remove --root show web'],
    ['start', 'pkg service start --all'],
    ['restart web', 'pkg service restart web'],
    ['graceful web', 'pkg service reload web'],
  ])('pkg %s: is answered with %s', async (typed, ours) => {
    const ended = await workbench().pkg(...typed.split(' '));
    expect(ended.exit).toBe(2);
    expect(ended.err.split('\n')).toContain(`hint: ${ours}`);
  });
});

describe('a word typed wrongly', () => {
  test('is answered with the command that was meant', async () => {
    expect((await workbench().pkg('instal', 'a.tgz')).err).toContain('did you mean: pkg install a.tgz\n');
    expect((await workbench().pkg('list', '--jsn')).err).toContain('did you mean: pkg list --json\n');
  });

  test('is answered with the bundle that was meant, whatever the command', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('webserver', '1.0.0'));
    for (const verb of ['info', 'files', 'why', 'remove', 'upgrade', 'install', 'downgrade', 'pin'])
      expect((await t.pkg(verb, 'webservr')).err, verb).toContain('did you mean webserver?');
  });

  test('behind a command leads to the page of help of that command', async () => {
    const t = workbench();
    expect((await t.pkg('windows', 'add', 'sunday')).err).toContain('hint: pkg windows add --help\n');
    expect((await t.pkg('install')).err).toContain('hint: pkg install --help\n');
    expect((await t.pkg('--frobnicate')).err).toContain('hint: pkg --help\n');
    expect((await t.pkg('gc', '--keep', 'x')).err).toContain('hint: pkg gc --help\n');
  });

  test('below a command is answered with the whole line that was meant, or with what there is', async () => {
    const t = workbench();
    expect((await t.pkg('config', 'lst', 'web')).err).toContain(
      "error[usage]: unknown command 'config lst'\nhint: did you mean: pkg config list web\n",
    );
    expect((await t.pkg('windows', 'frobnicate')).err).toContain(
      "unknown command 'windows frobnicate': windows takes list, add, remove\nhint: pkg windows --help\n",
    );
    expect((await t.pkg('plan', 'instal', 'my web.tgz')).err).toContain(
      "hint: did you mean: pkg plan install 'my web.tgz'\n",
    );
  });

  test('is not taken for an option that only looks a little like it', async () => {
    const t = workbench();
    const ended = await t.pkg('install', '--foo', 'a.tgz');
    expect(ended.exit).toBe(2);
    expect(ended.err).toContain("unknown option '--foo': install takes --remove, --sha256, --try, ");
    expect(ended.err).toContain('hint: pkg install --help\n');
    expect((await t.pkg('list', '--rot=/srv')).err).toContain('did you mean: pkg list --root=/srv\n');
  });

  test("an option of ours behind a command of ours is nobody else's habit", async () => {
    expect((await workbench().pkg('list', '-S')).err).not.toContain('pkg owner');
  });
});
