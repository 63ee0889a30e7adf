import { type Manifest, nearestWord, type Service } from '../../model/index.ts';
import type { Problem } from '../manifest/manifest-source.ts';

/** Services that could not be upgraded the way they declare: each mistake has a name. */
export function checkServices(manifest: Manifest): readonly Problem[] {
  const names = Object.keys(manifest.services ?? {});
  return Object.entries(manifest.services ?? {}).flatMap(([name, service]) => [
    ...reloadNeedsCurrent(name, service),
    ...reloadMissing(name, service),
    ...replaceNeedsExact(name, service),
    ...replaceNeedsTwoPorts(name, service),
    ...replaceNeedsTwoInstances(name, service),
    ...needsKnown(name, service, names),
  ]);
}

/** `replace` runs old and new side by side, so each must have been started from its own folder. */
export function isReplaceable(service: Service): boolean {
  return service.path !== 'current';
}

/** Old and new would listen on the same port; a service without declared ports may not listen at all. */
export function hasOnePort(service: Service): boolean {
  return service.ports?.length === 1;
}

/** A unit of systemd or runit is one instance, and `replace` runs two for a while. */
export function keepsOneInstance({ manager }: Service): boolean {
  return manager === 'systemd' || manager === 'runit';
}

// A server told by a signal reads its files again by the path it was started with: the old version's.
function reloadNeedsCurrent(name: string, service: Service): readonly Problem[] {
  if (service.reload?.signal === undefined || service.path === 'current') return [];
  return [
    {
      path: ['services', name, 'reload'],
      at: 'key',
      message: `reload-needs-current: '${name}' would read the files of its old version again`,
      hint: 'add "path": "current" to the service',
    },
  ];
}

function reloadMissing(name: string, service: Service): readonly Problem[] {
  if (service.onUpgrade !== 'reload' || service.reload !== undefined) return [];
  return [
    {
      path: ['services', name, 'onUpgrade'],
      at: 'value',
      message: `reload-missing: '${name}' does not say how it is reloaded`,
      hint: 'add "reload" to the service',
    },
  ];
}

function replaceNeedsExact(name: string, service: Service): readonly Problem[] {
  if (service.onUpgrade !== 'replace' || isReplaceable(service)) return [];
  return [
    {
      path: ['services', name, 'onUpgrade'],
      at: 'value',
      message: `replace-needs-exact: old and new '${name}' would both run from 'current'`,
      hint: 'use "path": "exact"',
    },
  ];
}

function replaceNeedsTwoPorts(name: string, service: Service): readonly Problem[] {
  if (service.onUpgrade !== 'replace' || !hasOnePort(service)) return [];
  return [
    {
      path: ['services', name, 'ports'],
      at: 'value',
      message: `replace-needs-two-ports: old and new '${name}' would need the same port`,
      hint: 'add a second port',
    },
  ];
}

function replaceNeedsTwoInstances(name: string, service: Service): readonly Problem[] {
  if (service.onUpgrade !== 'replace' || !keepsOneInstance(service)) return [];
  return [
    {
      path: ['services', name, 'onUpgrade'],
      at: 'value',
      message: `replace-needs-two-instances: ${service.manager} keeps only one of '${name}'`,
      hint: 'use "restart", or the manager "process"',
    },
  ];
}

function needsKnown(name: string, service: Service, names: readonly string[]): readonly Problem[] {
  return (service.needs ?? []).flatMap((needed, at) => {
    if (needed.includes('/') || names.includes(needed)) return [];
    const near = nearestWord(needed, names);
    const hint = near === null ? 'a service of another bundle is written BUNDLE/SERVICE' : `did you mean '${near}'?`;
    return [
      { path: ['services', name, 'needs', at], at: 'value' as const, message: `no-such-service: '${needed}'`, hint },
    ];
  });
}
