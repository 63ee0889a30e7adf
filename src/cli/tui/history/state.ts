import type { Told } from '../../../operations/look/history.ts';
import { type List, WHOLE_LIST } from '../list/list.ts';

/** Every transaction, and the generations that they made. */
export type History = {
  readonly list: List;
  /** The newest first; null = not read yet. */
  readonly told: readonly Told[] | null;
  /** The live generation. */
  readonly live: number | null;
  /** Generations that are still kept: only these can be gone back to, or compared. */
  readonly kept: readonly number[];
  /** The generation that others are compared with; null = the live one. */
  readonly marked: number | null;
};

/** Not read yet. */
export const NO_HISTORY: History = { list: WHOLE_LIST, told: null, live: null, kept: [], marked: null };
