import { PkgError } from '../../error.ts';
import { runHook } from '../../hook/index.ts';
import { parseDuration } from '../../system/index.ts';
import { freeLog } from '../run-script.ts';
import type { World } from '../world.ts';

/** A folder and the place of its copy; `purpose` names the log. */
export type Copying = {
  readonly from: string;
  readonly to: string;
  readonly purpose: string;
  readonly timeout: string;
  /** Ends the copying half-way, when it fires. */
  readonly abort?: AbortSignal;
};

/**
 * Copies what is in `from` into the folder `to` with all there is to it: modes, owners, times, links, holes, extended
 * attributes; blocks are shared where the file system can. Over a file of the same name it is written in place, so that
 * who holds it open sees it.
 */
export async function copyTree(copying: Copying, world: World): Promise<void> {
  const end = await copyWith(['--reflink=auto'], copying, world);
  if (end.ok) return;
  // A cp that knows no such option shares no blocks either.
  const again = /(unrecognized|invalid|unknown) option/.test(end.tail) ? await copyWith([], copying, world) : end;
  if (again.ok) return;
  const { from, to, timeout } = copying;
  const why = again.timedOut
    ? `it did not end within ${timeout}`
    : again.tail || `cp ended with ${again.signal ?? again.code}`;
  throw new PkgError('step-failed', `cannot copy ${from} to ${to}: ${why}`, {
    hint: 'check the free space and the permissions there, then try again',
  });
}

/** Node copies no extended attributes and no holes; cp(1) does. As a process of the transaction, recovery ends it. */
function copyWith(options: readonly string[], { from, to, purpose, timeout, abort }: Copying, world: World) {
  const { layout, transaction, home } = world;
  return runHook({
    file: 'cp',
    args: ['-a', '-f', ...options, '--', `${from}/.`, `${to}/`],
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LC_ALL: 'C',
      HOME: home,
      PKG_ROOT: layout.root,
      PKG_TRANSACTION: String(transaction),
    },
    cwd: layout.transaction(transaction),
    log: freeLog(world, purpose),
    timeoutMs: parseDuration(timeout),
    ...(abort === undefined ? {} : { abort }),
  });
}
