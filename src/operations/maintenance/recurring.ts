import fs from 'node:fs';
import path from 'node:path';
import type { Window } from '../../model/index.ts';
import { readJson, writeDurably } from '../../system/index.ts';
import type { PlannedTime } from '../../traffic/index.ts';
import { damagedTimes } from './damaged-times.ts';
import type { Scope } from './scopes.ts';

/** Recurring maintenance; its times are written ahead until `writtenUntil`. */
export type Recurring = Pick<PlannedTime, 'message' | 'paths'> & {
  readonly window: Window;
  /** ISO. */
  readonly writtenUntil: string;
};

/** The recurring maintenance of a scope; empty if there is none. */
export function readRecurring({ name, folder }: Scope): readonly Recurring[] {
  const recurring = readJson(recurringFile(folder));
  if (recurring === 'absent') return [];
  if (Array.isArray(recurring)) return recurring;
  throw damagedTimes(name, recurringFile(folder));
}

/** Keeps it for the next time that times are written; nothing removes the file. */
export function keepRecurring(folder: string, recurring: readonly Recurring[]): void {
  const file = recurringFile(folder);
  if (recurring.length === 0) return fs.rmSync(file, { force: true });
  fs.mkdirSync(folder, { recursive: true });
  writeDurably(file, `${JSON.stringify(recurring)}\n`);
}

function recurringFile(folder: string): string {
  return path.join(folder, 'again.json');
}
