import { PkgError } from '../../error.ts';
import { nearestWord, type Window, type Windows, type WindowState } from '../../model/index.ts';
import { layoutOf, openRoot, readPolicy } from '../../store/index.ts';
import { changePolicy } from '../keep/change-policy.ts';
import type { Session } from '../session.ts';
import { readWindow, windowState } from './window-times.ts';

/** The windows of a root, and what they mean now. */
export type ToldWindows = WindowState & { readonly windows: Windows };

/** When this root may be changed; without windows that is at any time. */
export function listWindows(root: string, now: Date): ToldWindows {
  return told(keptWindows(root), now);
}

/** The windows as they are written, also one that makes no sense. */
export function keptWindows(root: string): Windows {
  return openRoot(root) === null ? {} : readPolicy(layoutOf(root)).windows;
}

/** Adds a window, or changes the one of this name. */
export function addWindow(name: string, window: Window, session: Session): Promise<ToldWindows> {
  refuseBadName(name);
  readWindow(name, window);
  return changePolicy(session, (policy) => {
    const windows = { ...policy.windows, [name]: window };
    return { policy: { ...policy, windows }, answer: told(windows, new Date()) };
  });
}

/** Takes a window away; with the last one, changes are allowed at any time again. */
export function removeWindow(name: string, session: Session): Promise<ToldWindows> {
  return changePolicy(session, (policy) => {
    if (!Object.hasOwn(policy.windows, name)) throw noSuchWindow(name, policy.windows);
    const windows = Object.fromEntries(Object.entries(policy.windows).filter(([other]) => other !== name));
    return { policy: { ...policy, windows }, answer: told(windows, new Date()) };
  });
}

function told(windows: Windows, now: Date): ToldWindows {
  return { windows, ...windowState(windows, now) };
}

function refuseBadName(name: string): void {
  if (/^[A-Za-z][\w.-]*$/.test(name)) return;
  throw new PkgError(
    'usage',
    `'${name}' cannot be the name of a window: a letter first, then letters, digits, . _ or -`,
  );
}

function noSuchWindow(name: string, windows: Windows): PkgError {
  const near = nearestWord(name, Object.keys(windows));
  return new PkgError('unknown-name', `there is no window '${name}'`, {
    hint: near === null ? 'pkg windows lists them' : `did you mean ${near}?`,
  });
}
