import path from 'node:path';
import type { World } from '../../../steps/index.ts';
import type { Layout } from '../../../store/index.ts';
import { endProcesses, removeTree } from '../../../system/index.ts';
import type { Session } from '../../session.ts';
import { worldOf } from '../../world.ts';

/** A number that no transaction has, for scripts outside of any. */
const NO_TRANSACTION = 0;

/** A world for scripts of a bundle outside of any transaction. */
export function outsideWorld(bundle: string, layout: Layout, session: Session): World {
  const folder = folderOf(bundle, layout);
  const places: Layout = {
    ...layout,
    transaction: () => folder,
    scratch: (_id, name) => path.join(folder, 'scratch', name),
    stepLog: (_id, step) => path.join(folder, 'log', `${step}.log`),
  };
  return { ...worldOf(places, NO_TRANSACTION, session), interruptHooks: () => session.stopWaiting };
}

/** Ends scripts that a killed pkg left running there, and removes their logs. */
export async function clearOutside(bundle: string, layout: Layout): Promise<void> {
  await endProcesses({ PKG_ROOT: layout.root, PKG_TRANSACTION: String(NO_TRANSACTION), PKG_NAME: bundle });
  removeTree(folderOf(bundle, layout));
}

function folderOf(bundle: string, layout: Layout): string {
  return path.join(layout.checksOf(bundle), 'reload');
}
