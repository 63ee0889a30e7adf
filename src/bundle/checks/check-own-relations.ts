import { inRange, type Manifest } from '../../model/index.ts';
import type { Problem } from '../manifest/manifest-source.ts';

/** What a bundle asks of its own name: only one version of a name can be in a generation, and it is this one. */
export function checkOwnRelations({ name, version, depends = {} }: Manifest): readonly Problem[] {
  const range = depends[name];
  if (range === undefined || inRange(version, range)) return [];
  const message = `${name} ${version} needs another version of itself: no generation can hold both`;
  return [{ path: ['depends', name], at: 'value', message }];
}
