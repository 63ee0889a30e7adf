import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Tally } from './run-part.ts';

const FILE = path.join(import.meta.dirname, 'last-run.json');
const DIST = path.join(import.meta.dirname, '../../../dist');

/** What was run of a part: how many of its points, of which build, on which day. */
export type Recorded = {
  readonly points: number;
  readonly tried: number;
  readonly wrong: number;
  readonly build: string;
  readonly day: string;
};

/** Part -> its last run; docs/reliability.md shows it. */
export function lastRun(): Readonly<Record<string, Recorded>> {
  return JSON.parse(fs.readFileSync(FILE, 'utf8')) as Record<string, Recorded>;
}

/** Notes what was run of a part. */
export function record(name: string, { points, tried, wrong }: Tally): void {
  const day = new Date().toISOString().slice(0, 10);
  const noted = { ...lastRun(), [name]: { points, tried, wrong: wrong.length, build: buildName(), day } };
  const sorted = Object.fromEntries(Object.entries(noted).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  fs.writeFileSync(FILE, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** Another build makes other calls: what was tried with one says nothing of another. */
export function buildName(): string {
  const hash = createHash('sha256');
  for (const name of fs.readdirSync(DIST).toSorted()) if (name.endsWith('.mjs')) hash.update(name);
  return hash.digest('hex').slice(0, 12);
}
