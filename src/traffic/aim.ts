import type { Client } from '../model/index.ts';

/** Where the requests of a service are to go. */
export type Aim = {
  /** Where the instance that everybody sees listens. */
  readonly port: number;
  /** Drained: no new requests are sent there, and open ones finish. */
  readonly isDrained: boolean;
  readonly preview: Preview | null;
};

/** An instance that only some clients see. */
export type Preview = { readonly port: number; readonly clients: readonly Client[] };
