import type { ConfigState } from '../../../operations/config/states.ts';
import { type List, WHOLE_LIST } from '../list/list.ts';

/** Configuration files, and what became of them. */
export type Config = {
  readonly list: List;
  /** null = not read yet. */
  readonly files: readonly ConfigState[] | null;
  /** Also those that are as they were shipped. */
  readonly isAll: boolean;
};

/** Not read yet. */
export const NO_CONFIG: Config = { list: WHOLE_LIST, files: null, isAll: false };
