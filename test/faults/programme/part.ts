/** One thing that is made to fail in every way it can, as a table of points. */
export type Part = {
  readonly name: string;
  /** Programs, files or `root`, without which it cannot be tried here. */
  readonly needs?: readonly string[];
  prepare(): Promise<Ground>;
};

/** A place where each point is tried from the same beginning; two grounds of one part know nothing of each other. */
export type Ground = {
  /** In words that mean the same on every ground: `before 17`, `ENOSPC from 5`. */
  readonly points: readonly string[];
  /** Answers what did not come out as it must. */
  judge(point: string): Promise<readonly string[]>;
  leave(): void | Promise<void>;
};
