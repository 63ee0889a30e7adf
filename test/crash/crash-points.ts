import { crashAt, failAt, type Point } from './judge.ts';
import type { Scenario } from './scenarios.ts';

export type { Point } from './judge.ts';

/**
 * Every call, killed before the odd ones and after the even ones; and every record of the journal also torn in half.
 * What the kernel has been given survives the end of a process, so that a kill at fsync is the same as one before it.
 */
export function everyPoint({ calls }: Scenario): readonly Point[] {
  return calls.flatMap((call, index) => {
    const at = index + 1;
    if (call.startsWith('fsync ')) return [];
    const point: Point = { at, what: at % 2 === 1 ? 'before' : 'after' };
    return isRecord(call) ? [point, { at, what: 'torn' }] : [point];
  });
}

/** Every record of the journal, half of them torn. */
export function everyRecord({ calls }: Scenario): readonly Point[] {
  return calls.flatMap((call, index) =>
    isRecord(call) ? [{ at: index + 1, what: index % 2 === 0 ? 'torn' : 'after' }] : [],
  );
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
