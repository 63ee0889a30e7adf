import fs from 'node:fs';
import path from 'node:path';
import type { Interrupt } from '../transaction/index.ts';
import type { Options } from './command.ts';
import type { Streams } from './streams.ts';

/** What the program finds around it, read in one place by main.ts. */
export type Surroundings = {
  readonly streams: Streams;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly programVersion: string;
  readonly user: { readonly name: string; readonly home: string; readonly isRoot: boolean };
  readonly node: string;
  /** The file by which `node` starts this program once more. */
  readonly program: string;
  readonly interrupt: Interrupt;
  readonly stopWaiting: AbortSignal;
  interruptHooks(): AbortSignal;
};

/** --root, else PKG_ROOT, else the machine's root for root, the user's for everyone else. */
export function rootOf(options: Options, { env, user }: Pick<Surroundings, 'env' | 'user'>): string {
  const given = typeof options['root'] === 'string' ? options['root'] : env['PKG_ROOT'];
  if (given !== undefined && given !== '') return realPath(path.resolve(given));
  if (user.isRoot) return '/var/lib/pkg';
  const { XDG_DATA_HOME: share = '' } = env;
  // By its standard, what is no whole path counts as unset.
  return path.join(path.isAbsolute(share) ? share : path.join(user.home, '.local', 'share'), 'pkg');
}

/** Without symlinks, as processes and their environment name it; what does not exist yet stays as it is written. */
function realPath(place: string): string {
  if (place === path.dirname(place)) return place;
  try {
    return fs.realpathSync(place);
  } catch {
    return path.join(realPath(path.dirname(place)), path.basename(place));
  }
}
