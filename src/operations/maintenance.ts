import fs from 'node:fs';
import { PkgError } from '../error.ts';
import { type Layout, layoutOf } from '../store/index.ts';
import { type Maintenance, readMaintenance, writeMaintenance } from '../traffic/index.ts';
import { installedNamed, membersOnDisk, readInstalled } from './facts/installed.ts';
import { orderServices } from './service/order.ts';
import { servicesNamed } from './service/words.ts';
import type { Session } from './session.ts';

/** What is in maintenance: a bundle as `web`, one service of it as `web/server`. */
export type InMaintenance = { readonly name: string } & Maintenance;

export type MaintenanceWish = Pick<Maintenance, 'until' | 'message' | 'paths'>;

/** Everything that is in maintenance now. */
export function listMaintenance(root: string): readonly InMaintenance[] {
  const layout = layoutOf(root);
  const folder = layout.maintenances;
  const names = fs.existsSync(folder) ? fs.readdirSync(folder).toSorted() : [];
  return names.flatMap((scope) => {
    const found = readMaintenance(layout.maintenance(scope));
    return found === null ? [] : [{ name: scope.replace('~', '/'), ...found }];
  });
}

/**
 * Puts up the page of a bundle or service, of every bundle with services without a word. Takes no lock: it has to work
 * while a change is under way, and it changes nothing that a change does.
 */
export async function startMaintenance(
  word: string | null,
  wish: MaintenanceWish,
  session: Session,
): Promise<readonly InMaintenance[]> {
  for (const where of wish.paths) refuseBadPath(where);
  return eachScope(word, session, (folder) => {
    const since = readMaintenance(folder)?.since ?? new Date().toISOString();
    writeMaintenance(folder, { ...wish, since, by: 'operator' });
  });
}

/** Takes the page down again; without a word every page there is. */
export async function endMaintenance(word: string | null, session: Session): Promise<readonly InMaintenance[]> {
  if (word !== null) return eachScope(word, session, (folder) => writeMaintenance(folder, null));
  const layout = layoutOf(session.root);
  const up = listMaintenance(session.root);
  if (!session.dryRun) for (const { name } of up) writeMaintenance(folderOf(name, layout), null);
  return listMaintenance(session.root);
}

async function eachScope(
  word: string | null,
  { root, dryRun }: Session,
  change: (folder: string) => void,
): Promise<readonly InMaintenance[]> {
  // Whoever serves the page reads it as another user.
  process.umask(0o022);
  const names = await namesOf(word, root);
  if (!dryRun) for (const name of names) change(folderOf(name, layoutOf(root)));
  return listMaintenance(root);
}

async function namesOf(word: string | null, root: string): Promise<readonly string[]> {
  const installed = readInstalled(root);
  if (word !== null && !word.includes('/')) return [installedNamed(word, installed).name];
  const services = orderServices(await membersOnDisk(installed));
  if (word === null) return [...new Set(services.map(({ bundle }) => bundle))];
  servicesNamed(
    word,
    services.map((name) => ({ name })),
    { root, code: 'unknown-name' },
  );
  return [word];
}

function folderOf(name: string, layout: Layout): string {
  return layout.maintenance(name.replace('/', '~'));
}

/** It becomes the name of a file: as the proxy has it after it has decoded and shortened what the client sent. */
function refuseBadPath(where: string): void {
  const isPlain = where.startsWith('/') && !/\/\.{0,2}(?=\/)|\/\.\.?$|[\p{Cc}?#]/u.test(where);
  if (isPlain && Buffer.byteLength(where) < 200) return;
  throw new PkgError('usage', `'${where}' is not the path of a page`, {
    hint: 'write it as the address has it, without host and query: --path /perl/search',
  });
}
