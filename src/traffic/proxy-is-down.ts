import { PkgError } from '../error.ts';

/** The details of an error that only means that no proxy is running; what it would read is correct. */
export const PROXY_IS_DOWN = { proxy: 'down' } as const;

/** Whether a proxy could not be told because none is running; it will read what was written when it starts. */
export function proxyIsDown(error: unknown): boolean {
  return error instanceof PkgError && error.details === PROXY_IS_DOWN;
}
