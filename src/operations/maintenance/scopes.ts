import fs from 'node:fs';
import { PkgError } from '../../error.ts';
import { type Layout, layoutOf } from '../../store/index.ts';
import { installedNamed, membersOnDisk, readInstalled } from '../facts/installed.ts';
import { orderServices } from '../service/order.ts';
import { servicesNamed } from '../service/words.ts';
import type { Session } from '../session.ts';

/** What has a page of its own, a bundle such as `web` or a service such as `web/server`, and the folder of its marks. */
export type Scope = { readonly name: string; readonly folder: string };

/** The scopes that have a page up or planned. */
export function knownScopes(layout: Layout): readonly Scope[] {
  const folder = layout.maintenances;
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names.map(({ name }) => ({ name: name.replace('~', '/'), folder: layout.maintenance(name) })).toSorted(byName);
}

/** The scope that a word means; without a word, every bundle that has services. */
export async function scopesNamed(word: string | null, root: string): Promise<readonly Scope[]> {
  const layout = layoutOf(root);
  return (await namesOf(word, root)).map((name) => ({ name, folder: layout.maintenance(name.replace('/', '~')) }));
}

/** Changes the folder of each scope, unless it is a dry run. */
export function eachScope(scopes: readonly Scope[], { dryRun }: Session, act: (scope: Scope) => void): void {
  // The proxy reads the page as another user.
  process.umask(0o022);
  if (!dryRun) for (const scope of scopes) act(scope);
}

/** It becomes the name of a file, so it must be the path as the proxy has it, decoded and normalised. */
export function refuseBadPath(where: string): void {
  const isPlain = where.startsWith('/') && !/\/\.{0,2}(?=\/)|\/\.\.?$|[\p{Cc}\s?#]/u.test(where);
  if (isPlain && Buffer.byteLength(where) < 200) return;
  throw new PkgError('usage', `'${where}' is not the path of a page`, {
    hint: 'write it as the address has it, without host and query: --path /perl/search',
  });
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

function byName(a: Scope, b: Scope): number {
  return a.name < b.name ? -1 : 1;
}
