import type { PkgError } from '../error.ts';
import type { Session } from './session.ts';

/** A failure as an event. */
export function tellError(error: PkgError, { tell }: Pick<Session, 'tell'>): void {
  const { code, message, hint, details } = error;
  tell({
    event: 'error',
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  });
}
