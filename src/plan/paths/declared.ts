import type { Member } from '../member.ts';
import { edgeBetween, isHop } from './edge.ts';
import type { Ground } from './hop.ts';
import { findWay } from './way.ts';

/** Whether the way down to this version is declared: by the newer bundle itself, or by each one that is passed. */
export function isDeclaredDown(from: Member, to: Member, ground: Ground): boolean {
  const direct = edgeBetween(from, to, ground);
  if (isHop(direct) && direct.entry !== null) return true;
  const { hops } = findWay(from, to, ground);
  return hops.length > 0 && hops.every((hop) => hop.entry !== null);
}
