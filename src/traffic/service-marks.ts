import fs from 'node:fs';
import path from 'node:path';
import type { ServiceName } from '../model/index.ts';
import { bootId, readText, syncFolder, writeDurably } from '../system/index.ts';
import type { Preview } from './aim.ts';

/** That a service is taken out of its proxy until somebody puts it back, or the time does. */
export type Drain = ServiceName & {
  /** ISO times. */
  readonly since: string;
  readonly until: string | null;
  /** A machine that was restarted serves again. */
  readonly bootId: string;
};

/** A drain that begins now. */
export function beginDrain(name: ServiceName, until: string | null): Drain {
  return { ...name, since: new Date().toISOString(), until, bootId: bootId() };
}

/** Whether a drained service is to be put back. */
export function isDrainOver({ until, bootId: then }: Drain): boolean {
  return then !== bootId() || (until !== null && Date.parse(until) <= Date.now());
}

/** What the mark in `file` says; null for a service that is not drained. */
export function readDrain(file: string): Drain | null {
  return readMark<Drain>(file);
}

/** Whom the mark in `file` sends to another instance; null for a service without a preview. */
export function readPreview(file: string): Preview | null {
  return readMark<Preview>(file);
}

/** Writes a mark, or removes it. It is on disk before a proxy hears of it: one that starts later is told the same. */
export function writeMark(file: string, mark: Drain | Preview | null): void {
  if (mark !== null) return writeDurably(file, `${JSON.stringify(mark)}\n`);
  if (!fs.existsSync(file)) return;
  fs.rmSync(file, { force: true });
  // A power cut must not bring back a mark of what everybody sees by then.
  syncFolder(path.dirname(file));
}

function readMark<T>(file: string): T | null {
  return JSON.parse(readText(file) ?? 'null') as T | null;
}
