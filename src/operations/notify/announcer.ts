import type { Announced, Announcement, Listening } from '../../model/index.ts';
import { type Layout, readPolicy } from '../../store/index.ts';
import type { Session } from '../session.ts';

/** Tells the commands of a root how a change goes. */
export type Announcer = {
  /** Returns at once; nothing waits for the listeners. */
  announce(told: Told): void;
  /** Resolves when all listeners have ended, or their time is over. */
  heard(): Promise<void>;
};

/** What is to be told; who asked for it, where and when are added. */
export type Told = Omit<Announcement, 'formatVersion' | 'event' | 'at' | 'root' | 'command' | 'by'> & {
  readonly event: Announced;
};

/**
 * Each command is told one event after the other, beside the change. If it fails, that is a warning; if it does not end
 * in its time, it is told no more of this change, so that it delays the change by that time only once.
 */
export function announcer(layout: Layout, session: Session): Announcer {
  const listeners = listenersOf(layout, session);
  const queues = listeners.map(([name, listening]) => queueOf(name, listening, layout, session));
  return {
    announce(told) {
      const { root, command, by } = session;
      const announcement = { formatVersion: '1', at: new Date().toISOString(), root, command, by, ...told } as const;
      for (const { listening, add } of queues) {
        if (listening.on === undefined || listening.on.includes(told.event)) add(announcement);
      }
    },
    async heard() {
      await Promise.all(queues.map(({ idle }) => idle()));
    },
  };
}

/** Going back and recovery are announced as well, and must not fail because of a file that cannot be read. */
function listenersOf(layout: Layout, session: Session): readonly (readonly [string, Listening])[] {
  try {
    return Object.entries(readPolicy(layout).notify);
  } catch (error) {
    session.tell({ event: 'warning', message: `nobody is told of this change: ${(error as Error).message}` });
    return [];
  }
}

function queueOf(name: string, listening: Listening, layout: Layout, session: Session) {
  let last: Promise<void> = Promise.resolve();
  let isDeaf = false;

  async function tell(announcement: Announcement): Promise<void> {
    if (isDeaf) return;
    // Loaded only if there are listeners.
    const { tellListener } = await import('./tell-listener.ts');
    const said = await tellListener(name, listening, announcement, { layout, home: session.home });
    if (said.ok) return;
    isDeaf = said.timedOut;
    session.tell({ event: 'warning', message: `${said.message}; the change does not depend on it` });
  }

  return {
    listening,
    add: (announcement: Announcement) => {
      last = last.then(() => tell(announcement));
    },
    idle: () => last,
  };
}
