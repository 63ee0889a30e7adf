import { bundleTitle, type Cause, type Decision } from '../../model/index.ts';
import type { Member } from '../member.ts';
import type { Problem } from '../relations/find-problems.ts';
import { heaviest } from './class.ts';
import type { Ground, Rejected } from './hop.ts';
import { findWay, type Way } from './way.ts';

type Refused = Extract<Decision, { kind: 'refusal' }>;
type Stuck = { readonly from: Member; readonly to: Member; readonly way: Way };

/** Refuses versions to which there is no way: none within the limit, or none at all. */
export function refuseNoWay(stuck: readonly Stuck[], ground: Ground): Refused {
  const free = stuck.map(({ from, to }) => findWay(from, to, { ...ground, limit: null }));
  const isLimit = free.every(({ hops }) => hops.length > 0);
  const causes = stuck.map(({ from, to, way }) => ({
    message: `no way leads from ${bundleTitle(from.id)} to ${to.id.version}${isLimit ? ` with --max-class ${ground.limit}` : ''}`,
    causes: way.rejected.map(inWords),
  }));
  const least = heaviest(free.flatMap(({ hops }) => hops.map((hop) => hop.class)));
  const message = causes.map((cause) => cause.message).join('; ');
  if (isLimit)
    return refusal('limit-exceeded', {
      message,
      causes,
      hint: `the lowest limit that allows it: --max-class ${least}`,
    });
  return refusal('no-path', {
    message,
    causes,
    hint: 'pkg upgradable NAME@VERSION tells which versions can be reached',
  });
}

/** Refuses ways whose stops do not fit together. */
export function refuseBroken(problems: readonly Problem[]): Refused {
  const messages = [...new Set(problems.map(({ message }) => message))];
  return refusal('no-path', {
    message: `no order of the hops keeps everyone satisfied on the way: ${messages[0] ?? 'there are too many to try'}`,
    causes: messages.map((message) => ({ message })),
    hint: 'change fewer bundles at once',
  });
}

function refusal(code: 'no-path' | 'limit-exceeded', rest: Omit<Refused['refusal'], 'code'>): Refused {
  return { kind: 'refusal', refusal: { code, ...rest } };
}

function inWords({ from, to, why }: Rejected): Cause {
  return { message: `${from} -> ${to}: ${why}` };
}
