import type { ExternalLink } from '../../model/index.ts';
import type { Described } from '../member.ts';

/** The links of one bundle outside the root; they lead through `current`, so a switch needs no change of most of them. */
export function externalLinks({ id, manifest }: Described, root: string): readonly ExternalLink[] {
  return Object.keys(manifest.links ?? {})
    .toSorted()
    .map((at, index) => ({ at, to: `${root}/current/links/${id.name}/${index}` }));
}
