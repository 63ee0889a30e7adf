import { PkgError } from '../../error.ts';
import { type Announcement, type Listeners, type Listening, nearestWord } from '../../model/index.ts';
import { layoutOf, openRoot, readPolicy } from '../../store/index.ts';
import { parseDuration } from '../../system/index.ts';
import { changePolicy } from '../keep/change-policy.ts';
import type { Session } from '../session.ts';
import { type Heard, tellListener } from './tell-listener.ts';

/** The commands that are told of changes. */
export function readListeners(root: string): Listeners {
  return openRoot(root) === null ? {} : readPolicy(layoutOf(root)).notify;
}

/** Adds a command, or changes the one of this name. */
export function listen(name: string, listening: Listening, session: Session): Promise<Listeners> {
  refuseBad(name, listening);
  return changePolicy(session, (policy) => {
    const notify = { ...policy.notify, [name]: listening };
    return { policy: { ...policy, notify }, answer: notify };
  });
}

/** Removes a command: it is told no more changes. */
export function unlisten(name: string, session: Session): Promise<Listeners> {
  return changePolicy(session, (policy) => {
    if (!Object.hasOwn(policy.notify, name)) throw noSuchListener(name, policy.notify);
    const notify = Object.fromEntries(Object.entries(policy.notify).filter(([other]) => other !== name));
    return { policy: { ...policy, notify }, answer: notify };
  });
}

/** Sends one command a test, and returns how it ended. */
export function tryListener(name: string, session: Session): Promise<Heard> {
  const listeners = readListeners(session.root);
  const listening = listeners[name];
  if (listening === undefined) throw noSuchListener(name, listeners);
  const { root, command, by } = session;
  const announcement: Announcement = {
    formatVersion: '1',
    event: 'test',
    at: new Date().toISOString(),
    root,
    command,
    by,
    transaction: null,
    changes: [],
    class: 'none',
    interruption: { expected: 0, measured: null },
    trialUntil: null,
    error: null,
  };
  return tellListener(name, listening, announcement, { layout: layoutOf(root), home: session.home });
}

function refuseBad(name: string, { run: [program], timeout = '10s' }: Listening): void {
  if (!/^[A-Za-z][\w.-]*$/.test(name)) {
    throw new PkgError('usage', `'${name}' cannot be a name: a letter first, then letters, digits, . _ or -`);
  }
  if (program === undefined) {
    throw new PkgError('usage', 'missing the command to tell', { hint: `pkg notify add ${name} -- /path/to/command` });
  }
  if (!program.startsWith('/')) {
    throw new PkgError('usage', `'${program}' is not an absolute path`, {
      hint: `pkg notify add ${name} -- /path/to/${program}`,
    });
  }
  if (parseDuration(timeout) <= 0) throw new PkgError('usage', `'${timeout}' is not a time limit`);
}

function noSuchListener(name: string, listeners: Listeners): PkgError {
  const near = nearestWord(name, Object.keys(listeners));
  return new PkgError('unknown-name', `no command '${name}' is told of changes`, {
    hint: near === null ? 'pkg notify lists what is' : `did you mean ${near}?`,
  });
}
