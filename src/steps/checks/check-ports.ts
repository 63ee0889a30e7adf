import type { Manifest } from '../../model/index.ts';
import { listenersOn, readRecord } from '../../service/index.ts';
import type { Layout } from '../../store/index.ts';

/**
 * `PKG_PORT_SERVER` for each service of a bundle: before the switch a port of it that nobody listens at, where the check
 * may start what it looks at; after the switch the one at which it answers.
 */
export function checkPorts(
  { name: bundle, services = {} }: Pick<Manifest, 'name' | 'services'>,
  when: 'staged' | 'switched',
  layout: Layout,
): Readonly<Record<string, string>> {
  const found = Object.entries(services).map(([service, { ports = [] }]) => {
    const taken = when === 'staged' ? listenersOn(ports) : null;
    const port =
      taken === null ? readRecord(layout.runRecord({ bundle, service }))?.port : ports.find((one) => !taken.has(one));
    return [service, port ?? null] as const;
  });
  return Object.fromEntries(
    found.flatMap(([service, port]) => (port === null ? [] : [[variableOf(service), String(port)]])),
  );
}

function variableOf(service: string): string {
  return `PKG_PORT_${service.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
}
