import { crashAt, type Point } from './judge.ts';
import type { Scenario } from './scenarios.ts';

export type { Point } from './judge.ts';

/** Every call, killed before the odd ones and after the even ones; and every record of the journal also torn in half. */
export function everyPoint({ calls }: Scenario): readonly Point[] {
  return calls.flatMap((call, index) => {
    const at = index + 1;
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

/** Crashes at each point in turn and answers one text per point that did not come out right. */
export async function crashAtAll(scenario: Scenario, points: readonly Point[]): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const point of points) {
    const problems = await crashAt(scenario, point);
    const call = scenario.calls[point.at - 1]?.replace(`${scenario.place.folder}/stage/`, '');
    const again = point.again === undefined ? '' : `, again at call ${point.again} of recover`;
    if (problems.length > 0) failures.push(`${point.what} call ${point.at} (${call})${again}: ${problems.join('; ')}`);
  }
  return failures;
}

function isRecord(call: string): boolean {
  return /^write .*journal\.jsonl$/.test(call);
}
