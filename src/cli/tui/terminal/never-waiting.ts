import type { Streams } from '../../streams.ts';

type Handled = { readonly _handle?: { setBlocking?(isBlocking: boolean): unknown } | null };

/**
 * Writes to a terminal wait until it has taken them. One that takes nothing, as over a connection that hangs, would hold
 * the change in the middle of its work: while a screen is shown they are kept instead. Answers how to wait again.
 */
export function neverWaiting({ talk }: Streams): () => void {
  // Node has no public name for it.
  const { _handle: handle } = talk as Handled;
  handle?.setBlocking?.(false);
  return () => void handle?.setBlocking?.(true);
}
