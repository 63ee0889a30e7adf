import fs from 'node:fs';
import path from 'node:path';
import type { Facts, Plan } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import { flushPayload } from '../../system/index.ts';
import { handMade } from '../facts/drift-of.ts';
import type { Session } from '../session.ts';

/** Files changed or added by hand in bundles that change or leave: a change would leave them behind. */
export async function lostDrift(
  { changes }: { readonly changes: readonly Pick<Plan['changes'][number], 'name'>[] },
  facts: Pick<Facts, 'now' | 'current' | 'drift' | 'added'>,
  layout: Layout,
): Promise<Facts['drift']> {
  const leaving = new Set(changes.map(({ name }) => name));
  const bundles = facts.current?.bundles.filter(({ name }) => leaving.has(name)) ?? [];
  const found = isJustLooked(facts) ? [...facts.drift, ...facts.added] : await handMade(layout, bundles);
  return found.filter(({ bundle }) => leaving.has(bundle.name));
}

// The operator may have gone on editing while being asked. Within a second, many files are not examined twice.
function isJustLooked({ now }: Pick<Facts, 'now'>): boolean {
  const age = Date.now() - Date.parse(now);
  return age >= 0 && age < 1000;
}

/** Copies drift aside before it is lost. */
export async function keepDrift(id: number, lost: Facts['drift'], layout: Layout, session: Session): Promise<void> {
  const aside = path.join(layout.transaction(id), 'drift');
  for (const { bundle, path: file } of lost)
    copyAside(path.join(layout.bundle(bundle), file), path.join(aside, bundle.name, file));
  if (!fs.existsSync(aside)) return;
  await flushPayload(aside);
  session.tell({ event: 'warning', message: `files changed by hand were copied aside to ${aside}` });
}

/** A file that was deleted by hand leaves nothing to copy, nor does a socket. */
export function copyAside(from: string, to: string): void {
  if (!isCopyable(from)) return;
  fs.mkdirSync(path.dirname(to), { recursive: true });
  // Node follows the first link, which may lead nowhere.
  if (fs.lstatSync(from).isSymbolicLink()) {
    fs.rmSync(to, { force: true });
    return fs.symlinkSync(fs.readlinkSync(from), to);
  }
  fs.cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter: isCopyable });
}

function isCopyable(file: string): boolean {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  return stat !== undefined && (stat.isFile() || stat.isDirectory() || stat.isSymbolicLink());
}
