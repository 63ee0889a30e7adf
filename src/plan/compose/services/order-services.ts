import type { Member } from '../../member.ts';

/** Services that others of the same bundle need come first. */
export function serviceNames(member: Member): readonly string[] {
  const services = member.manifest.services ?? {};
  const ordered: string[] = [];
  const visit = (name: string, below: readonly string[]): void => {
    if (ordered.includes(name) || below.includes(name)) return;
    for (const needed of services[name]?.needs ?? []) {
      if (services[needed] !== undefined) visit(needed, [...below, name]);
    }
    ordered.push(name);
  };
  for (const name of Object.keys(services)) visit(name, []);
  return ordered;
}
