// The hostile and odd archives: what they are made of, and the verdict that each must get.
// Not the reader, nor the small table beside its tests (test/bundle/hostile-archives.test.ts).
// May call test/bundle/raw-archive.ts.
import type { ArchiveCase } from './archive-case.ts';
import { CONTAINERS } from './containers.ts';
import { FORMS, MEMBERS } from './forms.ts';
import { HEADERS } from './headers.ts';
import { MANIFESTS } from './manifests.ts';
import { NAMES } from './names.ts';
import { PAIRS } from './pairs.ts';
import { PAX_HEADERS } from './pax-headers.ts';

export type { ArchiveCase } from './archive-case.ts';

/** Every archive of the programme. */
export const ARCHIVES: readonly ArchiveCase[] = [
  ...NAMES,
  ...PAIRS,
  ...HEADERS,
  ...PAX_HEADERS,
  ...CONTAINERS,
  ...MEMBERS,
  ...MANIFESTS,
  ...FORMS,
];
