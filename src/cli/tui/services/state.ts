import type { ServiceStatus } from '../../../model/index.ts';
import { type List, WHOLE_LIST } from '../list/list.ts';

/** What one can do to a service that would be felt: it is asked about before. */
export type Deed = 'stop' | 'restart';

/** The services of the live generation as they stand. */
export type Services = {
  readonly list: List;
  /** null = not looked at yet. */
  readonly all: readonly ServiceStatus[] | null;
  /** What was asked for and wants a yes. */
  readonly asked: { readonly deed: Deed; readonly service: string } | null;
};

/** Not looked at yet. */
export const NO_SERVICES: Services = { list: WHOLE_LIST, all: null, asked: null };
