import { parseServiceName, type ServiceName, serviceTitle } from '../../model/index.ts';
import { dependencyEdges, type Member, orderBundles } from '../../plan/index.ts';

/** Every service of these bundles, each after those that must be ready before it; a cycle stays as declared. */
export function orderServices(members: readonly Member[]): readonly ServiceName[] {
  const needed = neededServices(members);
  const ordered = new Map<string, ServiceName>();
  const visit = (name: ServiceName, above: readonly string[]): void => {
    const title = serviceTitle(name);
    if (ordered.has(title) || above.includes(title)) return;
    for (const before of needed.get(title) ?? []) visit(before, [...above, title]);
    ordered.set(title, name);
  };
  for (const member of orderBundles(members)) for (const name of servicesOf(member)) visit(name, []);
  return [...ordered.values()];
}

/** Service title -> the services that must be ready before it: those it names, else all of the bundles it depends on. */
export function neededServices(members: readonly Member[]): ReadonlyMap<string, readonly ServiceName[]> {
  const edges = dependencyEdges(members);
  const byBundle = new Map(members.map((member) => [member.id.name, servicesOf(member)]));
  const titles = new Set([...byBundle.values()].flat().map(serviceTitle));
  const neededBy = (member: Member, { bundle, service }: ServiceName): readonly ServiceName[] =>
    member.manifest.services?.[service]?.needs?.map((word) => parseServiceName(word, bundle)) ??
    (edges.get(bundle) ?? []).flatMap((name) => byBundle.get(name) ?? []);
  return new Map(
    members.flatMap((member) =>
      servicesOf(member).map((name) => [
        serviceTitle(name),
        neededBy(member, name).filter((needed) => titles.has(serviceTitle(needed))),
      ]),
    ),
  );
}

function servicesOf({ id, manifest }: Member): readonly ServiceName[] {
  return Object.keys(manifest.services ?? {}).map((service) => ({ bundle: id.name, service }));
}
