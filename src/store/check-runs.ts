import fs from 'node:fs';
import path from 'node:path';
import { readText, syncFolder, writeDurably } from '../system/index.ts';
import type { Layout } from './layout.ts';

/** Which check of which bundle, and before the switch or after it: the two are never compared with each other. */
export type CheckName = { readonly bundle: string; readonly check: string; readonly when: 'staged' | 'switched' };

/** A good run, in numbers. */
export type CheckRun = {
  readonly version: string;
  /** Runs that were kept earlier do not say it. */
  readonly files?: number | null;
  readonly tests: number | null;
  readonly skipped: number;
  readonly warnings: number;
  readonly seconds: number;
};

/** The good runs that are kept of a check, oldest first. One that cannot be read is as good as none: it only compares. */
export function readCheckRuns(layout: Layout, name: CheckName): readonly CheckRun[] {
  try {
    return JSON.parse(readText(layout.checkRuns(name)) ?? '[]') as readonly CheckRun[];
  } catch {
    return [];
  }
}

/** Keeps the newest of these runs; none removes the file. */
export function keepCheckRuns(layout: Layout, name: CheckName, runs: readonly CheckRun[]): void {
  const file = layout.checkRuns(name);
  const folder = path.dirname(file);
  if (runs.length > 0) {
    fs.mkdirSync(folder, { recursive: true });
    return writeDurably(file, `${JSON.stringify(runs.slice(-MOST))}\n`);
  }
  if (!fs.existsSync(file)) return;
  fs.rmSync(file, { force: true });
  syncFolder(folder);
  removeEmpty(folder);
  removeEmpty(path.dirname(folder));
}

const MOST = 20;

function removeEmpty(folder: string): void {
  if (fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
}
