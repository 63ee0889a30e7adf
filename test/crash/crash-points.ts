import { crashAt, failAt, type Point } from './judge.ts';
import type { Scenario } from './scenarios.ts';

export type { Point } from './judge.ts';

/**
 * Before every call, and after the last. What lies on the disk after a call lies there before the next, except around
 * what other programs do: they run after a record of the journal, which is why the program is also killed behind each,
 * and with half of it written. What the kernel has been given survives a kill: one at fsync is the same as one before it.
 */
export function everyPoint({ calls }: Scenario): readonly Point[] {
  const points = calls.flatMap((call, index): readonly Point[] => {
    const at = index + 1;
    if (call.startsWith('fsync ')) return [];
    return isRecord(call)
      ? [
          { at, what: 'before' },
          { at, what: 'torn' },
          { at, what: 'after' },
        ]
      : [{ at, what: 'before' }];
  });
  return [...points, { at: calls.length, what: 'after' }];
}

/** Each `nth` call, killed before it. */
export function everyNth({ calls }: Scenario, nth: number): readonly Point[] {
  return calls.flatMap((_, index) => ((index + 1) % nth === 0 ? [{ at: index + 1, what: 'before' }] : []));
}

const ERRNOS = ['ENOSPC', 'EIO', 'EROFS', 'EACCES'] as const;

/** Each `nth` call fails once, with one reason after the other; each `stickyNth` for good, with every reason; each fsync of the journal. */
export function errnoPoints({ calls }: Scenario, nth: number, stickyNth: number): readonly Point[] {
  return calls.flatMap((call, index): readonly Point[] => {
    const at = index + 1;
    if (/^fsync .*journal\.jsonl$/.test(call)) return [{ at, what: 'EIO' }];
    const once = at % nth === 0 ? [{ at, what: ERRNOS[(at / nth) % ERRNOS.length] ?? 'EIO' }] : [];
    const sticky = at % stickyNth === 0 ? ERRNOS.map((what) => ({ at, what, sticky: true })) : [];
    return [...once, ...sticky];
  });
}

/** Crashes at each point in turn and answers one text per point that did not come out right. */
export function crashAtAll(scenario: Scenario, points: readonly Point[]): Promise<readonly string[]> {
  return tryAll(scenario, points, crashAt);
}

/** The same with calls that fail. */
export function failAtAll(scenario: Scenario, points: readonly Point[]): Promise<readonly string[]> {
  return tryAll(scenario, points, failAt);
}

async function tryAll(scenario: Scenario, points: readonly Point[], judge: typeof crashAt): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const point of points) {
    const problems = await judge(scenario, point);
    const call = scenario.calls[point.at - 1]?.replace(`${scenario.place.folder}/stage/`, '');
    const again = point.again === undefined ? '' : `, again at call ${point.again} of recover`;
    const what = point.sticky === true ? `${point.what} from` : point.what;
    if (problems.length > 0) failures.push(`${what} call ${point.at} (${call})${again}: ${problems.join('; ')}`);
  }
  return failures;
}

function isRecord(call: string): boolean {
  return /^write .*journal\.jsonl$/.test(call);
}
