import fs from 'node:fs';
import path from 'node:path';
import type { ServiceName } from '../model/index.ts';
import { bootId, readText, syncFolder, writeDurably } from '../system/index.ts';
import type { Preview } from './aim.ts';

/** A mark that a service is out of its proxy until it is put back, or until a time. */
export type Drain = ServiceName & {
  /** ISO times. */
  readonly since: string;
  readonly until: string | null;
  /** A restart of the machine ends the drain. */
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

/** The drain that `file` records; null if the service is not drained. */
export function readDrain(file: string): Drain | null {
  return readMark<Drain>(file);
}

/** The clients that `file` sends to another instance; null for a service without a preview. */
export function readPreview(file: string): Preview | null {
  return readMark<Preview>(file);
}

/** Writes or removes a mark. It is on disk before a proxy is told, so that one that starts later is told the same. */
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
