import { PkgError } from '../../error.ts';
import type { Launch } from '../../model/index.ts';
import type { ServiceWorld } from './service-instance.ts';

/** Lets a change go on without a service that is declared `"critical": false`; its failure becomes a warning. */
export async function warnIfUncritical(
  { service }: Pick<Launch, 'service'>,
  { tell }: ServiceWorld,
  act: () => Promise<unknown>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    const isMeant = error instanceof PkgError && error.code !== 'interrupted';
    if (service.critical !== false || !isMeant) throw error;
    tell({ event: 'warning', message: `${error.message} (it is not critical, so the change goes on)` });
  }
}
