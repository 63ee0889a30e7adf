import type { Point } from '../../crash/judge.ts';

/** `torn 17`, `ENOSPC from 5`, `before 30 again 12`. */
export function wordsOf({ at, what, sticky, again }: Point): string {
  return `${what} ${sticky === true ? 'from ' : ''}${at}${again === undefined ? '' : ` again ${again}`}`;
}

/** The point that these words mean. */
export function pointOf(words: string): Point {
  const [, what, from, at, again] = /^(\w+) (from )?(\d+)(?: again (\d+))?$/.exec(words) ?? [];
  if (what === undefined) throw new Error(`no point is called '${words}'`);
  return {
    at: Number(at),
    what,
    ...(from === undefined ? {} : { sticky: true }),
    ...(again === undefined ? {} : { again: Number(again) }),
  };
}
