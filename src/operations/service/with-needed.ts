import { findService, type LiveService } from './live.ts';

/** These services, and those they need that do not run, in the order in which they start. */
export function withNeeded(chosen: readonly LiveService[], services: readonly LiveService[]): readonly LiveService[] {
  const wanted = new Set(chosen);
  for (const service of wanted) {
    for (const needed of service.needs.flatMap((name) => findService(name, services) ?? [])) {
      if (needed.condition.state !== 'running') wanted.add(needed);
    }
  }
  return services.filter((service) => wanted.has(service));
}
