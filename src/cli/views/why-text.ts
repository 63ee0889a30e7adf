import type { why } from '../../operations/look/why.ts';
import type { Why } from '../../plan/index.ts';
import { dayAndClock } from './time.ts';

/** The tree of reasons, each bundle under the one it is needed by. */
export function whyLines(found: Awaited<ReturnType<typeof why>>): readonly string[] {
  const { since } = found;
  const when =
    since === null ? [] : [`since ${dayAndClock(since.startedAt)}, transaction ${since.transaction}: ${since.command}`];
  return [...treeLines(found, ''), ...when];
}

function treeLines({ name, version, explicit, neededBy }: Why, indent: string): readonly string[] {
  const reason = explicit ? ', asked for' : neededBy.length === 0 ? ', needed by nobody' : '';
  return [
    `${indent}${name} ${version}${reason}`,
    ...neededBy.flatMap(({ as, range, by }) => {
      const [first = '', ...rest] = treeLines(by, `${indent}  `);
      return [`${indent}  needed as ${as} ${range} by ${first.trimStart()}`, ...rest];
    }),
  ];
}
