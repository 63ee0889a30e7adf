import fs from 'node:fs';
import path from 'node:path';
import type { Layout } from '../../store/index.ts';
import { type Drain, readDrain } from '../../traffic/index.ts';

/** Every service that is drained; none if the folder cannot be read, such as by another user. */
export function drainsIn(layout: Layout): readonly Drain[] {
  return marksIn(layout.run).flatMap((file) => readDrain(path.join(layout.run, file)) ?? []);
}

function marksIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder).filter((file) => file.endsWith('~drained.json'));
  } catch {
    return [];
  }
}
