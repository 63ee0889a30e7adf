import type { Streams } from '../../streams.ts';
import type { Size } from './input.ts';

/** The size of the window, or of the smallest one that every terminal has. */
export function sizeOf({ talk }: Streams): Size {
  const { columns, rows } = talk as { readonly columns?: number; readonly rows?: number };
  // A terminal without a window, as over a serial line, says 0.
  return { columns: columns || 80, rows: rows || 24 };
}
