import fs from 'node:fs';
import path from 'node:path';
import type { Facts, Plan } from '../model/index.ts';
import type { Layout } from '../store/index.ts';
import type { Session } from './session.ts';

/** Copies files that were changed by hand, of bundles that change or leave, aside: nothing is silently lost. */
export function keepDrift(id: number, facts: Facts, plan: Plan, layout: Layout, session: Session): void {
  const leaving = new Set(plan.changes.map((change) => change.name));
  const lost = facts.drift.filter(({ bundle }) => leaving.has(bundle.name));
  if (lost.length === 0) return;
  const aside = path.join(layout.transaction(id), 'drift');
  for (const { bundle, path: file } of lost)
    copyAside(path.join(layout.bundle(bundle), file), path.join(aside, bundle.name, file));
  session.tell({ event: 'warning', message: `files changed by hand were copied aside to ${aside}` });
}

/** A file that was deleted by hand leaves nothing to copy. */
export function copyAside(from: string, to: string): void {
  if (fs.lstatSync(from, { throwIfNoEntry: false }) === undefined) return;
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}
