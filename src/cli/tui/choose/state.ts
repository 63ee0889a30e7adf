import type { Plan, Refusal } from '../../../model/index.ts';
import type { Offer, OfferedVersion } from '../../../operations/choose/offers.ts';
import { type List, WHOLE_LIST } from '../list/list.ts';

/** What was chosen for one bundle. */
export type Picked = { readonly kind: 'version'; readonly to: OfferedVersion } | { readonly kind: 'remove' };

/** What an operator has to mean: going down, and taking out also what needs the bundle. */
export type Consent = 'lower' | 'cascade';

/** What would come of the choice; `takes` = archives that it needs besides, by the words they were given by. */
export type Outlook =
  | { readonly kind: 'plan'; readonly plan: Plan; readonly takes: readonly string[] }
  /** `cure` = the choice that would be possible instead, where all of it is here. */
  | { readonly kind: 'refusal'; readonly refusal: Refusal; readonly cure: ReadonlyMap<string, Picked> | null }
  | { readonly kind: 'nothing'; readonly because: string };

/** Bundles to choose from, and what was chosen so far. */
export type Choose = {
  readonly list: List;
  /** null = not read yet. */
  readonly offers: readonly Offer[] | null;
  readonly picks: ReadonlyMap<string, Picked>;
  readonly consents: readonly Consent[];
  /** null = nothing is chosen, or it is being looked at. */
  readonly outlook: Outlook | null;
  /** Why the last key did nothing. */
  readonly remark: string | null;
  /** Files that are no archives. */
  readonly problems: readonly string[];
  /** What waits for the operator, whatever is chosen. */
  readonly concerns: readonly string[];
};

/** Nothing read, nothing chosen. */
export const NO_CHOICE: Choose = {
  list: WHOLE_LIST,
  offers: null,
  picks: new Map(),
  consents: [],
  outlook: null,
  remark: null,
  problems: [],
  concerns: [],
};
