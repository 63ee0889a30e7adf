import fs from 'node:fs';
import path from 'node:path';
import { randomFrom } from '../random-from.ts';
import type { Ground, Part } from './part.ts';

/** A point that was tried, and what was wrong then. */
export type Tried = { readonly point: string; readonly problems: readonly string[] };

export type Order = {
  /** Where what was tried is kept, so that the next run goes on from there. */
  readonly folder: string;
  readonly workers: number;
  readonly deadline: number;
  /** Stops after so many points. */
  readonly most?: number;
};

/** How far a part has come. */
export type Tally = { readonly points: number; readonly tried: number; readonly wrong: readonly Tried[] };

/** Tries points that were not tried yet, in an order of chance, until all are or the time is over. */
export async function runPart(part: Part, { folder, workers, deadline, most = Infinity }: Order): Promise<Tally> {
  const file = path.join(folder, `${part.name}.jsonl`);
  const done = readTried(file);
  const first = await part.prepare();
  const grounds = [first];
  try {
    const known = new Set(done.map(({ point }) => point));
    const left = shuffled(first.points.filter((point) => !known.has(point))).slice(0, most);
    fs.mkdirSync(folder, { recursive: true });
    while (grounds.length < Math.min(workers, left.length)) grounds.push(await part.prepare());
    await Promise.all(grounds.map((ground) => tryAll(ground, left, { file, deadline, done })));
  } finally {
    for (const ground of grounds) await ground.leave();
  }
  // Where the points are moments of a recording, each run adds others.
  const points = Math.max(first.points.length, done.length);
  return { points, tried: done.length, wrong: done.filter(({ problems }) => problems.length > 0) };
}

/** What earlier runs tried; the last line of one that was cut short may be torn. */
export function readTried(file: string): Tried[] {
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as Tried);
}

type Sheet = { readonly file: string; readonly deadline: number; readonly done: Tried[] };

async function tryAll(ground: Ground, left: string[], { file, deadline, done }: Sheet): Promise<void> {
  for (let point = left.pop(); point !== undefined && Date.now() < deadline; point = left.pop()) {
    const problems = await ground.judge(point).catch((error: unknown) => [String(error)]);
    done.push({ point, problems });
    fs.appendFileSync(file, `${JSON.stringify({ point, problems })}\n`);
  }
}

/** The same order in every run, so that a part that is cut short has looked everywhere a little. */
function shuffled(points: readonly string[]): string[] {
  const random = randomFrom(1);
  return points
    .map((point) => ({ point, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ point }) => point);
}
