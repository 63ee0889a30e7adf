import type { Client } from '../model/index.ts';

/** Where the requests of a service shall go. */
export type Aim = {
  /** Where the instance listens that everybody sees. */
  readonly port: number;
  /** Taken out on purpose: nobody is sent there any more, and what was begun ends. */
  readonly isDrained: boolean;
  readonly preview: Preview | null;
};

/** An instance that only some clients see. */
export type Preview = { readonly port: number; readonly clients: readonly Client[] };
