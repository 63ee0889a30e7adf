import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stageArchive } from '../../../src/bundle/index.ts';
import { PkgError } from '../../../src/error.ts';

/** The rule it was refused with, or `accepted`; any other error is one of the program and fails the test. */
export async function verdictOf(
  archive: Buffer,
  folder: string,
  into: string = join(folder, 'staged'),
): Promise<unknown> {
  const file = join(folder, 'hostile.tgz');
  writeFileSync(file, archive);
  try {
    await stageArchive({ file, into, keepCopy: null, reuse: null });
    return 'accepted';
  } catch (error) {
    if (error instanceof PkgError && error.exit === 6) return (error.details as { readonly rule: string }).rule;
    throw error;
  }
}
