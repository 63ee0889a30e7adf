import type { Member } from '../member.ts';
import { dependencyEdges } from '../relations/order-bundles.ts';

/** Names of members that were neither asked for nor are needed by any that were. */
export function unusedBundles(members: readonly Member[]): readonly string[] {
  const edges = dependencyEdges(members);
  const used = new Set<string>();
  const open = members.filter((member) => member.explicit).map((member) => member.id.name);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    open.push(...(edges.get(name) ?? []));
  }
  return members.map((member) => member.id.name).filter((name) => !used.has(name));
}
