import { refreshHaproxy } from '../../traffic/index.ts';
import type { Session } from '../session.ts';
import type { Scope } from './scopes.ts';

/** Tells the proxies that do not read the marks themselves, then returns the answer. */
export async function tellProxies<T>(scopes: readonly Scope[], session: Session, answer: () => T): Promise<T> {
  for (const { folder } of session.dryRun ? [] : scopes) {
    const message = await refreshHaproxy(folder);
    if (message !== null) session.tell({ event: 'warning', message });
  }
  return answer();
}
