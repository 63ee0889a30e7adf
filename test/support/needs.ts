import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeEach } from 'vitest';

/** Where Debian has the programs that tests ask for. */
const PACKAGES: Readonly<Record<string, string>> = {
  '/usr/lib/apache2/modules/mod_perl.so': 'libapache2-mod-perl2',
  '/usr/sbin/sshd': 'openssh-server',
  apache2: 'apache2',
  'chromium-headless-shell': 'chromium-headless-shell',
  curl: 'curl',
  erl: 'erlang-base',
  filefrag: 'e2fsprogs',
  gcc: 'gcc and libc6-dev',
  groff: 'groff-base',
  haproxy: 'haproxy',
  logrotate: 'logrotate',
  hypnotoad: 'libmojolicious-perl',
  losetup: 'mount',
  memcached: 'memcached',
  'mkfs.btrfs': 'btrfs-progs',
  'mkfs.ext4': 'e2fsprogs',
  'mkfs.xfs': 'xfsprogs',
  monit: 'monit',
  nginx: 'nginx-light',
  prove: 'perl',
  'redis-server': 'redis-server',
  runsvdir: 'runit',
  setfacl: 'acl',
  setfattr: 'attr',
  strace: 'strace',
  systemctl: 'systemd',
  'systemd-analyze': 'systemd',
  tmux: 'tmux',
  unshare: 'util-linux',
  useradd: 'passwd',
};

/** Whether all of them are there. */
export function has(...things: readonly string[]): boolean {
  return things.every(isThere);
}

/** Inside a `describe`: skips its tests with the reason where a program, a file, `kernel:xfs` or `root` is missing; with CI set they fail instead. */
export function needs(...things: readonly string[]): void {
  const missing = things.filter((thing) => !isThere(thing)).map(inWords);
  beforeEach((test) => {
    if (missing.length === 0) return;
    const reason = `needs ${missing.join(' and ')}`;
    if (process.env.CI !== undefined && process.env.CI !== 'false')
      throw new Error(`CI is set, but this test ${reason}`);
    test.skip(reason);
  });
}

function isThere(thing: string): boolean {
  if (thing === 'root') return process.getuid?.() === 0;
  if (thing.startsWith('/')) return existsSync(thing);
  if (thing.startsWith('kernel:')) return kernelMounts(thing.replace('kernel:', ''));
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => isExecutable(join(folder, thing)));
}

function kernelMounts(fileSystem: string): boolean {
  return readFileSync('/proc/filesystems', 'utf8').split(/\s+/).includes(fileSystem);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function inWords(thing: string): string {
  if (thing.startsWith('kernel:')) return thing.replace('kernel:', 'a kernel that has loaded ');
  return thing === 'root' ? 'root' : `${thing} (Debian: ${PACKAGES[thing] ?? thing})`;
}
