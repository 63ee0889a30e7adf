import type { Point } from '../../crash/judge.ts';
import { randomFrom } from '../random-from.ts';
import { wordsOf } from './point-words.ts';

/** Every call, killed before it, after it, and where bytes are written also with half of them. */
export function everyKill(calls: readonly string[]): readonly string[] {
  return calls.flatMap((call, index) => {
    const at = index + 1;
    const ways = call.startsWith('write ') ? ['before', 'after', 'torn'] : ['before', 'after'];
    return ways.map((what) => wordsOf({ at, what }));
  });
}

/** What each errno can be the answer to: a full disk still lets files go, and only opening needs a descriptor. */
const ANSWERS: Readonly<Record<string, RegExp>> = {
  ENOSPC: /^(open|write|writev|symlink|link|mkdir|copyFile|cp|rename) /,
  EDQUOT: /^(open|write|writev|symlink|link|mkdir|copyFile|cp|rename) /,
  EIO: /./,
  EROFS: /^(open|symlink|link|mkdir|copyFile|cp|rename|unlink|rm|rmdir|chmod|chown|utimes|truncate) /,
  EMFILE: /^(open|read|mkdtemp|copyFile|cp) /,
  EACCES: /^(open|read|symlink|link|mkdir|copyFile|cp|rename|unlink|rm|rmdir|chmod|chown|utimes) /,
};

/** Every call with every errno that it can answer, once and from then on. */
export function everyErrno(calls: readonly string[]): readonly string[] {
  return calls.flatMap((call, index) =>
    Object.entries(ANSWERS)
      .filter(([, hits]) => hits.test(call))
      .flatMap(([what]) => [wordsOf({ at: index + 1, what }), wordsOf({ at: index + 1, what, sticky: true })]),
  );
}

/** What can happen to the calls of a change, as points. */
export const TROUBLES = { kill: everyKill, errno: everyErrno } as const;

export type Trouble = keyof typeof TROUBLES;

/** `count` pairs of a kill in the change and a kill in the recovery after it, drawn with a seed. */
export function pairsOfKills(calls: readonly string[], count: number, seed: number): readonly string[] {
  const random = randomFrom(seed);
  const pairs = new Set<string>();
  // Recovery makes fewer calls than the change; where it makes none at that number, it just comes through.
  while (pairs.size < count) {
    const at = 1 + Math.floor(random() * calls.length);
    const point: Point = { at, what: 'before', again: 1 + Math.floor(random() * Math.min(at, 120)) };
    pairs.add(wordsOf(point));
  }
  return [...pairs];
}
