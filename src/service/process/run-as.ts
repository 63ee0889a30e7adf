import { spawnSync } from 'node:child_process';
import os from 'node:os';
import { PkgError } from '../../error.ts';
import type { Launch } from '../../model/index.ts';
import { serviceTitle } from '../../model/index.ts';

/** The command line that runs a program of the service as the user and group it declares. Only root can become somebody else. */
export function argvAs(launch: Launch, argv: readonly string[]): readonly string[] {
  const { user, group } = launch.service;
  if ((user === undefined && group === undefined) || isUs(user, group)) return argv;
  if (process.getuid?.() !== 0) {
    const whom = user === undefined ? `in the group '${group}'` : `as '${user}'`;
    throw new PkgError('service-failed', `cannot run ${serviceTitle(launch.name)} ${whom}: only root may do that`, {
      hint: 'run pkg as root, or take `user` and `group` out of the manifest',
    });
  }
  // setpriv replaces itself by the program, so that the pid stays that of the service.
  return ['/usr/bin/setpriv', ...identityOptions(launch), '--', ...argv];
}

function isUs(user: string | undefined, group: string | undefined): boolean {
  return group === undefined && (user === String(process.getuid?.()) || user === ourName());
}

/** Containers run programs under numbers that have no name. */
function ourName(): string | null {
  try {
    return os.userInfo().username;
  } catch {
    return null;
  }
}

function identityOptions({ name, service: { user, group } }: Launch): readonly string[] {
  if (user === undefined) return ['--regid', group ?? '', '--clear-groups'];
  return ['--reuid', user, '--regid', group ?? primaryGroup(user, serviceTitle(name)), '--init-groups'];
}

function primaryGroup(user: string, title: string): string {
  const answer = spawnSync('id', ['-g', '--', user], { encoding: 'utf8' });
  if (answer.status === 0) return answer.stdout.trim();
  throw new PkgError('service-failed', `cannot run ${title} as '${user}': there is no such user`, {
    hint: 'make it first, for example with the hook pkg:create-user',
  });
}
