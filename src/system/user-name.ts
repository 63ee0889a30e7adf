import { spawnSync } from 'node:child_process';

/** The name of a user, wherever the machine keeps its users; `#1000`, as sudo understands it, for one without a name. */
export function userName(uid: number): string {
  const { status, stdout } = spawnSync('id', ['-nu', '--', String(uid)], { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '' ? stdout.trim() : `#${uid}`;
}
