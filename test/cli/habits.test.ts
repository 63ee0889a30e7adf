import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { inOurWords } from '../../src/cli/habits.ts';
import { meantLine } from '../../src/cli/meant-line.ts';
import { parseWords } from '../../src/cli/program.ts';
import { workbench } from '../support/pkg.ts';

/** As the shell would give them to the program: nothing of what is typed here is quoted. */
const wordsOf = (line: string): readonly string[] => line.split(' ').filter((word) => word !== '');

describe('what other tools would have understood', () => {
  test.each([
    // apt, dpkg
    ['update', 'pkg upgrade'],
    ['apt-get update', 'pkg upgrade'],
    ['apt install --no-install-recommends web -y', 'pkg install web -y'],
    ['apt-mark hold web', 'pkg pin web'],
    ['uninstall web --yes', 'pkg remove web --yes'],
    ['purge web', 'pkg remove --purge web'],
    ['autopurge', 'pkg autoremove --purge'],
    ['search web', 'pkg list --all'],
    ['policy web', 'pkg info web'],
    ['list --installed', 'pkg list'],
    ['list --upgradable', 'pkg plan upgrade'],
    ['list web', 'pkg info web'],
    ['-i a.tgz b.tgz', 'pkg install a.tgz b.tgz'],
    ['-P web', 'pkg remove --purge web'],
    ['-L web', 'pkg files web'],
    ['-S /etc/web.conf', 'pkg owner /etc/web.conf'],
    ['--get-selections', 'pkg list'],
    ['--configure -a', 'pkg recover'],
    // rpm, dnf, zypper
    ['-Uvh mod_perl-1.26.0.tgz perl-5.6.1.tgz', 'pkg install mod_perl-1.26.0.tgz perl-5.6.1.tgz'],
    ['rpm -Uvh --force a.tgz', 'pkg install a.tgz'],
    ['-ivh a.tgz', 'pkg install a.tgz'],
    ['-e web', 'pkg remove web'],
    ['-qa', 'pkg list'],
    ['-qip web.tgz', 'pkg inspect web.tgz'],
    ['-K web.tgz', 'pkg inspect web.tgz'],
    ['-qf /etc/web.conf', 'pkg owner /etc/web.conf'],
    ['--verify web', 'pkg verify'],
    ['check-update', 'pkg plan upgrade'],
    ['dnf history undo last', 'pkg rollback'],
    ['history undo 3', 'pkg history'],
    ['history rollback 3', 'pkg rollback 3'],
    ['swap old new', 'pkg install new --remove old'],
    ['versionlock add web', 'pkg pin web'],
    ['zypper dup', 'pkg upgrade'],
    // pacman, apk, brew, npm, snap, nix
    ['-Syu', 'pkg upgrade'],
    ['-S web', 'pkg install web'],
    ['-Rns web', 'pkg remove --unused web'],
    ['-Qdt', 'pkg autoremove --dry-run'],
    ['info -L web', 'pkg files web'],
    ['outdated', 'pkg plan upgrade'],
    ['brew services restart web', 'pkg service restart web'],
    ['npm install web', 'pkg install web'],
    ['revert web', 'pkg rollback'],
    ['refresh --list', 'pkg plan upgrade'],
    ['profile rollback', 'pkg rollback'],
    ['store gc', 'pkg gc'],
    ['why-depends app lib', 'pkg why lib'],
    ['undo', 'pkg rollback'],
    ['--root show uninstall web', 'pkg remove --root show web'],
    // systemctl, service, apachectl
    ['start', 'pkg service start --all'],
    ['restart web', 'pkg service restart web'],
    ['systemctl status web', 'pkg service status web'],
    ['status web', 'pkg service status web'],
    ['is-active web', 'pkg service status web'],
    ['journalctl -u web', 'pkg logs web'],
    ['graceful web', 'pkg service reload web'],
  ])('pkg %s: is answered with %s', async (typed, ours) => {
    expect(inOurWords(wordsOf(typed))).toBe(ours);
    // What one is told to paste is a command line of ours.
    const streams = { input: new PassThrough(), output: new PassThrough(), talk: new PassThrough() };
    expect(await parseWords(wordsOf(ours).slice(1), '1.0.0', streams)).toMatchObject({ command: expect.anything() });
  });

  test('does nothing, and the hint is the same line in our words', async () => {
    const t = workbench();
    expect(await t.pkg('-Uvh', 'a', 'b')).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/^hint: pkg install a b$/m),
    });
    expect(await t.pkg('list', 'web')).toMatchObject({ exit: 2, err: expect.stringMatching(/^hint: pkg info web$/m) });
    expect((await t.pkg('windows', 'list', 'installed')).err).not.toContain('hint: pkg list');
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
      expect((await t.pkg(verb, 'webservr')).err, verb).toContain(`did you mean: pkg ${verb} webserver\n`);
    expect((await t.pkg('info', 'webservr@1.0.0')).err).toContain('did you mean: pkg info webserver@1.0.0\n');
  });

  test('is not answered with the whole line where a secret may stand in it, or two words might be wrong', () => {
    const hint = 'did you mean web?';
    expect(meantLine(hint, ['settings', 'set', 'wbe', 'password=hunter2'])).toBe(hint);
    expect(meantLine(hint, ['remove', 'wbe', 'wep'])).toBe(hint);
    expect(meantLine(hint, ['exec', '--', 'wbe', 'wep', '--x'])).toBe('did you mean: pkg exec -- web wep --x');
    expect(meantLine(hint, ['logs', 'wbe/server', '-f'])).toBe('did you mean: pkg logs web/server -f');
    expect(meantLine(hint, ['info', 'wbe', '--root', '/my root'])).toBe("did you mean: pkg info web --root '/my root'");
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
