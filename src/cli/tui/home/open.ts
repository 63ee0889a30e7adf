import { pointedNumber } from '../../../operations/settled.ts';
import type { Context } from '../../command.ts';
import { paint } from '../../views/paint.ts';
import type { Choose } from '../choose/state.ts';
import { makeStore } from '../terminal/store.ts';
import { mount } from '../terminal/mount.tsx';
import { sizeOf } from '../terminal/size-of.ts';
import { attend } from './attend.ts';
import { homeFrame } from './frame.ts';
import { reduceHome } from './reduce.ts';
import { blankHome, type HomeInput, type Tab } from './state.ts';

/** How the whole screen begins. */
export type Opening = {
  readonly tab: Tab;
  /** Archives that were named: they are chosen from the beginning. */
  readonly named: readonly string[];
  /** What was chosen when one was here before. */
  readonly picks: Choose['picks'];
  /** Archives that lie where one is. */
  readonly found: readonly string[];
  /** Fires when a signal came from elsewhere: nobody is to be kept waiting. */
  readonly leaveOn: AbortSignal;
  /** Options that every command shall have that comes from here. */
  readonly options: readonly string[];
};

/** The words of the command that was chosen, none when the screen was only left, and the view one was in. */
export type Left = { readonly words: readonly string[]; readonly tab: Tab; readonly picks: Choose['picks'] };

/** Shows everything there is about a root. It changes nothing: a command line is chosen, and run when the screen is gone. */
export async function openHome(opening: Opening, context: Context): Promise<Left> {
  const { streams, color, root } = context;
  const ink = paint(streams.talk, color);
  const { tab, options } = opening;
  const store = makeStore(blankHome(sizeOf(streams), { tab, options, live: pointedNumber(root) }), reduceHome);
  const { promise, resolve, reject } = Promise.withResolvers<Left>();
  store.watch(() => {
    const { words, tab: where, bundles } = store.state();
    if (words !== null) resolve({ words, tab: where, picks: bundles.picks });
  });
  const left = (): void => store.send({ kind: 'lost' } satisfies HomeInput);
  opening.leaveOn.addEventListener('abort', left);
  const attended = attend(store, opening, { context, onFailure: reject });
  const screen = mount(store, streams, {
    draw: (home) => homeFrame(home, ink),
    onLost: left,
  });
  try {
    return await promise;
  } finally {
    opening.leaveOn.removeEventListener('abort', left);
    attended.stop();
    await screen.leave();
  }
}
