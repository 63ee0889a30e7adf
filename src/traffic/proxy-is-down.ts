import { PkgError } from '../error.ts';

/** The details of an error that came about because there is no proxy to tell, and nothing is wrong with what it would read. */
export const PROXY_IS_DOWN = { proxy: 'down' } as const;

/** Whether a proxy could not be told because none is running; what was written down for it is read when it starts. */
export function proxyIsDown(error: unknown): boolean {
  return error instanceof PkgError && error.details === PROXY_IS_DOWN;
}
