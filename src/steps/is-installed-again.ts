import { PkgError } from '../error.ts';
import { readGeneration, readPointer } from '../store/index.ts';
import type { World } from './world.ts';

/** Whether a purge that could not be done at its time must not be done any more: what it would delete is in use again. */
export function isInstalledAgain(name: string, what: string, { layout, tell }: World): boolean {
  const pointer = readPointer(layout);
  const live = pointer.kind === 'generation' ? readGeneration(layout, pointer.number) : null;
  // What is live is known again as soon as recovery has repaired `current`.
  if (live === null) {
    throw new PkgError(
      'root-damaged',
      `${what}: cannot tell whether ${name} is installed, as ${layout.current} is damaged`,
      {
        hint: 'pkg recover',
      },
    );
  }
  if (!live.bundles.some((bundle) => bundle.name === name)) return false;
  tell({ event: 'warning', message: `${what}: ${name} is installed again` });
  return true;
}
