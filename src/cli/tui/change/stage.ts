import { PkgError } from '../../../error.ts';
import type { Event, Tell } from '../../../model/index.ts';
import type { Session } from '../../../operations/session.ts';
import type { Streams } from '../../streams.ts';
import type { Paint } from '../../views/paint.ts';
import { frame } from './frame.ts';
import { type Mounted, mount } from '../terminal/mount.tsx';
import type { Answer, Input, State } from './state.ts';
import type { Store } from '../terminal/store.ts';

/** Where the screen comes and goes: while it is away, events are told as text. */
export type Stage = {
  tell: Tell;
  /** Shows the screen until it is answered; nobody to answer is an answer, too. */
  answer(): Promise<Exclude<Answer, 'interrupt'>>;
  /** Until `isSo`; at once when there is no terminal. */
  until(isSo: (state: State) => boolean): Promise<State>;
  leave(): Promise<void>;
};

type Around = Pick<Session, 'tell' | 'interrupt'> & { readonly ink: Paint };

/** A stage on the terminal; `tell` takes what happens while the screen is away, and afterwards what was only on it. */
export function makeStage(store: Store<State, Input>, streams: Streams, { ink, tell, interrupt }: Around): Stage {
  let mounted: Mounted | null = null;
  let isLost = false;
  const kept: Event[] = [];

  async function leave(): Promise<void> {
    const leaving = mounted;
    mounted = null;
    await leaving?.leave();
    for (const event of kept.splice(0)) tell(event);
  }

  function lost(): void {
    if (isLost) return;
    isLost = true;
    store.send({ kind: 'lost' });
    void leave();
  }

  function until(isSo: (state: State) => boolean): Promise<State> {
    const { promise, resolve } = Promise.withResolvers<State>();
    const stop = store.watch(look);
    look();
    return promise;

    function look(): void {
      if (!isSo(store.state()) && !isLost) return;
      stop();
      resolve(store.state());
    }
  }

  return {
    tell: (event) => {
      store.send({ kind: 'event', event, at: Date.now() });
      if (mounted === null) tell(event);
      else kept.push(event);
    },
    answer: async () => {
      if (!isLost) mounted ??= mount(store, streams, { draw: (state) => frame(state, ink), onLost: lost });
      const answer = (await until((state) => state.answer !== null)).answer ?? 'lost';
      if (answer === 'no' || answer === 'lost' || answer === 'interrupt') await leave();
      if (answer === 'interrupt') throw interrupted(interrupt.requested ?? 'SIGINT');
      return answer;
    },
    until,
    leave,
  };
}

function interrupted(by: 'SIGINT' | 'SIGTERM'): PkgError {
  return new PkgError('interrupted', `interrupted by ${by}`, { exit: by === 'SIGINT' ? 130 : 143 });
}
