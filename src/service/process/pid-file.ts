import path from 'node:path';
import type { Launch } from '../../model/index.ts';
import { readText } from '../../system/index.ts';

/** The pid that the program has written, where it declares to write one. */
export function pidInFile({ service: { pidFile }, cwd }: Launch): number | null {
  if (pidFile === undefined) return null;
  const text = readText(path.resolve(cwd, pidFile))?.trim() ?? '';
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null;
}
