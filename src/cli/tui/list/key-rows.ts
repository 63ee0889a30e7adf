import type { Paint } from '../../views/paint.ts';

/** A key, and what it does. */
export type KeyRow = readonly [key: string, does: string];

/** Keys in one column, what they do in another. */
export function keyRows(rows: readonly KeyRow[], ink: Paint): readonly string[] {
  const width = Math.max(...rows.map(([key]) => key.length));
  return rows.map(([key, does]) => `  ${ink.bold(key.padEnd(width))}  ${does}`);
}
