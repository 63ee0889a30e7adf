import fs from 'node:fs';
import path from 'node:path';
import { readJson, syncFolder, writeDurably } from '../system/index.ts';
import { maintenanceJson, maintenancePage } from './maintenance-page.ts';

/** That a bundle or service is down on purpose, as its proxy and its visitors are told. */
export type Maintenance = {
  /** ISO times. */
  readonly since: string;
  readonly until: string | null;
  readonly message: string | null;
  /** Only these paths of its address; none means everything. */
  readonly paths: readonly string[];
  /** One that a change has put up is taken down by it; that of an operator stays, that of a plan ends by itself. */
  readonly by: 'operator' | 'change' | 'plan';
};

/** What is said in a folder of marks; null when it is not in maintenance. A mark that was damaged is still one. */
export function readMaintenance(folder: string): Maintenance | null {
  const file = path.join(folder, 'mark.json');
  const mark = readJson(file);
  if (mark === 'absent') return null;
  if (mark !== 'damaged' && isMark(mark)) return mark;
  const since = fs.statSync(file, { throwIfNoEntry: false })?.mtime ?? new Date();
  return { since: since.toISOString(), until: null, message: null, paths: [], by: 'operator' };
}

function isMark(mark: Partial<Maintenance>): mark is Maintenance {
  return typeof mark.since === 'string' && Array.isArray(mark.paths);
}

/**
 * Writes the folder that a proxy looks into (docs/maintenance.md#nginx), or removes it. A mark appears after the page
 * that it leads to, and goes before it. What is planned there stays.
 */
export function writeMaintenance(folder: string, maintenance: Maintenance | null): void {
  if (maintenance === null) return takeDown(folder);
  fs.mkdirSync(folder, { recursive: true });
  writeDurably(path.join(folder, 'page.html'), maintenancePage(maintenance));
  writeDurably(path.join(folder, 'page.json'), maintenanceJson(maintenance, null));
  writeDurably(path.join(folder, 'mark.json'), `${JSON.stringify(maintenance)}\n`);
  const marks = maintenance.paths.length === 0 ? ['all'] : maintenance.paths.map(markOf);
  for (const mark of marks) putMark(path.join(folder, mark));
  removeOtherMarks(folder, marks);
}

/** Removes a folder of marks that holds nothing any more, and the one above. */
export function removeEmptyMarks(folder: string): void {
  if (!fs.existsSync(folder) || fs.readdirSync(folder).length > 0) return;
  fs.rmdirSync(folder);
  const parent = path.dirname(folder);
  if (fs.readdirSync(parent).length > 0) return syncFolder(parent);
  fs.rmdirSync(parent);
  syncFolder(path.dirname(parent));
}

/** `/perl/search` -> `paths/perl/search.down`: a path may be a folder of another one, but no mark is. */
function markOf(where: string): string {
  return `paths${where}.down`;
}

function putMark(file: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  writeDurably(file, '');
}

function removeOtherMarks(folder: string, marks: readonly string[]): void {
  const standing = [...namesBelow(folder, 'paths').filter((name) => name.endsWith('.down')), 'all'];
  for (const name of standing) if (!marks.includes(name)) fs.rmSync(path.join(folder, name), { force: true });
}

function namesBelow(folder: string, corner: string): readonly string[] {
  const below = path.join(folder, corner);
  if (!fs.existsSync(below)) return [];
  return fs.readdirSync(below, { recursive: true, encoding: 'utf8' }).map((name) => `${corner}/${name}`);
}

function takeDown(folder: string): void {
  if (!fs.existsSync(folder)) return;
  for (const name of ['all', 'paths', 'mark.json', 'page.html', 'page.json']) {
    fs.rmSync(path.join(folder, name), { recursive: true, force: true });
  }
  syncFolder(folder);
  removeEmptyMarks(folder);
}
