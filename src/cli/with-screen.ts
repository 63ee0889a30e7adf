import type { Session } from '../operations/session.ts';
import { canShow } from './can-show.ts';
import type { Context } from './command.ts';

/** Runs `work` with a session that shows itself on a screen where there can be one, and as text elsewhere. */
export async function withScreen<T>(
  session: Session,
  context: Context,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  if (!canShow(context)) return work(session);
  const { openScreen } = await import('./tui/change/screen.ts');
  const screen = openScreen(session, context);
  try {
    return await work(screen.session);
  } finally {
    await screen.close();
  }
}
