import type { ServiceStatus } from '../../model/index.ts';
import { dayAndClock } from './time.ts';

/** Services as people read them, one a line: how each stands, what runs beside what is installed, and what is amiss. */
export function serviceLines(services: readonly ServiceStatus[]): readonly string[] {
  const width = Math.max(0, ...services.map((service) => title(service).length));
  return services.map(
    (service) => `${title(service).padEnd(width)}  ${service.state.padEnd(7)}  ${remarks(service).join(', ')}`,
  );
}

function title({ bundle, name }: ServiceStatus): string {
  return `${bundle}/${name}`;
}

function remarks(service: ServiceStatus): readonly string[] {
  const { state, pid, port, since, enabled, because, drained } = service;
  const isRunning = state === 'running';
  return [
    versions(service),
    ...(service.notLoaded.length === 0 ? [] : [`configuration changed, not loaded: ${several(service.notLoaded)}`]),
    ...(isRunning ? [`pid ${pid}`] : []),
    ...(isRunning && port !== null ? [`port ${port}`] : []),
    ...(since === null ? [] : [`since ${dayAndClock(since)}`]),
    ...(because === undefined ? [] : [because]),
    ...(drained === undefined
      ? []
      : [drained.until === null ? 'drained' : `drained until ${dayAndClock(drained.until)}`]),
    ...(enabled ? [] : ['disabled']),
    ...(state === 'stopped' || service.supervised ? [] : ['not supervised']),
  ];
}

function versions({ runningVersion, installedVersion }: ServiceStatus): string {
  if (runningVersion === null || runningVersion === installedVersion) return installedVersion;
  return `${runningVersion} (installed ${installedVersion}: changed, not loaded)`;
}

/** Enough to know what was meant. */
function several(files: readonly string[]): string {
  const more = files.length - 3;
  return more > 0 ? `${files.slice(0, 3).join(' ')} and ${more} more` : files.join(' ');
}
