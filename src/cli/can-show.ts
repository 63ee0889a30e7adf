import { canAsk } from './can-ask.ts';
import type { Context } from './command.ts';

/** Whether questions and progress get a screen of their own; PKG_PLAIN=1 and TERM=dumb ask for text, line by line. */
export function canShow(context: Omit<Context, 'session'>): boolean {
  const { env, dryRun, quiet } = context;
  const term = env['TERM'] ?? 'dumb';
  const isPlain = (env['PKG_PLAIN'] ?? '') !== '' || env['INK_SCREEN_READER'] === 'true' || term === 'dumb';
  return canAsk(context) && !dryRun && !quiet && !isPlain;
}
