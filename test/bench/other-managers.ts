import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { has, run } from './run.ts';
import { newFolder, type World } from './world.ts';

/** Another package manager with a package of the same tree; `install` gives the command for a new root of its own. */
export type Manager = { readonly name: string; install(root: string): readonly string[] };

/** What a manager needs to take part, or the words that would bring it here. */
export type Missing = { readonly name: string; readonly hint: string };

export function dpkg(world: World): Manager | Missing {
  if (!has('dpkg')) return { name: 'dpkg -i', hint: 'apt-get install dpkg' };
  const content = contentOf(world);
  mkdirSync(join(content, 'DEBIAN'));
  const control = [
    'Package: bench',
    'Version: 1.0.0',
    'Architecture: all',
    'Maintainer: bench <b@localhost>',
    'Description: bench',
  ];
  writeFileSync(join(content, 'DEBIAN/control'), `${control.join('\n')}\n`);
  const file = join(world.folder, 'archives/bench.deb');
  run(['dpkg-deb', '-Zgzip', '--root-owner-group', '-b', content, file]);
  return {
    name: 'dpkg -i',
    install: (root) => {
      for (const name of ['info', 'updates', 'triggers'])
        mkdirSync(join(root, 'var/lib/dpkg', name), { recursive: true });
      for (const name of ['status', 'available']) writeFileSync(join(root, 'var/lib/dpkg', name), '');
      const forced = ['--force-not-root', '--force-bad-path', '--force-script-chrootless'];
      return ['dpkg', `--root=${root}`, ...forced, '--log=/dev/null', '-i', file];
    },
  };
}

export function pacman(world: World): Manager | Missing {
  if (!has('pacman')) return { name: 'pacman -U', hint: 'apt-get install pacman-package-manager' };
  const about = newFolder(world, 'packages/pacman');
  const lines = [
    'pkgname = bench',
    'pkgver = 1.0.0-1',
    'pkgdesc = bench',
    'builddate = 0',
    'packager = bench',
    `size = ${world.tree.bytes}`,
    'arch = any',
  ];
  writeFileSync(join(about, '.PKGINFO'), `${lines.join('\n')}\n`);
  writeFileSync(
    join(about, 'pacman.conf'),
    '[options]\nArchitecture = auto\nSigLevel = Never\nLocalFileSigLevel = Never\n',
  );
  const file = join(world.folder, 'archives/bench.pkg.tar.gz');
  run(['tar', 'czf', file, '-C', about, '.PKGINFO', '-C', contentOf(world), 'opt']);
  return {
    name: 'pacman -U',
    install: (root) => {
      const [database, cache] = [join(root, 'var/lib/pacman'), join(root, 'cache')];
      for (const folder of [database, cache]) mkdirSync(folder, { recursive: true });
      const places = [
        '--root',
        root,
        '--dbpath',
        database,
        '--cachedir',
        cache,
        '--hookdir',
        cache,
        '--logfile',
        '/dev/null',
      ];
      return [
        'pacman',
        '-U',
        '--noconfirm',
        '--noprogressbar',
        '--config',
        join(about, 'pacman.conf'),
        ...places,
        file,
      ];
    },
  };
}

// Hard links: the same files once more, without their bytes.
function contentOf(world: World): string {
  const content = join(world.folder, 'packages', String((copies += 1)));
  mkdirSync(join(content, 'opt'), { recursive: true });
  run(['cp', '-al', world.tree.folder, join(content, 'opt/bench')]);
  return content;
}

let copies = 0;
