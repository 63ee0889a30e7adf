import { type Manifest, nearestWord } from '../model/index.ts';
import type { Problem } from './manifest-source.ts';

type Service = Readonly<Record<string, unknown>>;

/** Services that could not be upgraded the way they declare: each mistake has a name. */
export function checkServices(manifest: Manifest): readonly Problem[] {
  const names = Object.keys(manifest.services ?? {});
  return Object.entries(manifest.services ?? {}).flatMap(([name, service]) => [
    ...reloadNeedsCurrent(name, service),
    ...replaceNeedsExact(name, service),
    ...needsKnown(name, service, names),
  ]);
}

/** `replace` runs old and new side by side, so each must have been started from its own folder. */
export function isReplaceable(service: Service): boolean {
  return service['path'] !== 'current';
}

// A server told by a signal reads its files again by the path it was started with: the old version's.
function reloadNeedsCurrent(name: string, service: Service): readonly Problem[] {
  const reload = service['reload'] as { readonly signal?: string } | undefined;
  if (reload?.signal === undefined || service['path'] === 'current') return [];
  return [
    {
      path: ['services', name, 'reload'],
      at: 'key',
      message: `reload-needs-current: '${name}' would read the files of its old version again`,
      hint: 'add "path": "current" to the service',
    },
  ];
}

function replaceNeedsExact(name: string, service: Service): readonly Problem[] {
  if (service['onUpgrade'] !== 'replace' || isReplaceable(service)) return [];
  return [
    {
      path: ['services', name, 'onUpgrade'],
      at: 'value',
      message: `replace-needs-exact: old and new '${name}' would both run from 'current'`,
      hint: 'use "path": "exact"',
    },
  ];
}

function needsKnown(name: string, service: Service, names: readonly string[]): readonly Problem[] {
  const needs = (service['needs'] ?? []) as readonly string[];
  return needs.flatMap((needed, at) => {
    if (needed.includes('/') || names.includes(needed)) return [];
    const near = nearestWord(needed, names);
    const hint = near === null ? 'a service of another bundle is written BUNDLE/SERVICE' : `did you mean '${near}'?`;
    return [
      { path: ['services', name, 'needs', at], at: 'value' as const, message: `no-such-service: '${needed}'`, hint },
    ];
  });
}
