import fs from 'node:fs';
import { ReadStream } from 'node:tty';
import { render } from 'ink';
import type { Streams } from '../../streams.ts';
import { App, type View } from './app.tsx';
import { neverWaiting } from './never-waiting.ts';
import { paced } from './paced.ts';
import { sizeOf } from './size-of.ts';
import type { TerminalInput } from './input.ts';
import type { Store } from './store.ts';

/** A screen that is on the terminal. */
export type Mounted = { leave(): Promise<void> };

/** As often as it is drawn while much happens, in milliseconds. */
const PAUSE = 50;

type How<S> = Pick<View<S>, 'draw'> & { onLost(): void };

/** Draws the store on the terminal until it is left; `onLost` hears when there is no terminal any more. */
export function mount<S>(store: Store<S, TerminalInput>, streams: Streams, how: How<S>): Mounted {
  const { talk } = streams;
  // Of its own: a stream that was once read from reads on, and would take the keys from an editor.
  const input = new ReadStream(fs.openSync('/dev/stdin', 'r'));
  const waitAgain = neverWaiting(streams);
  const screen = paced(store, { pause: PAUSE, isBusy: () => talk.writableNeedDrain });
  const clock = setInterval(() => store.send({ kind: 'tick', at: Date.now() }), 500);
  const lost = (): void => how.onLost();
  const resized = (): void => store.send({ kind: 'size', size: sizeOf(streams) });
  for (const name of ['end', 'close', 'error']) input.on(name, lost);
  talk.on('error', lost);
  talk.on('resize', resized);
  talk.on('drain', screen.catchUp);
  resized();
  process.on('SIGHUP', lost);
  const drawn = render(<App screen={screen} send={store.send} draw={(state) => how.draw(state)} />, {
    stdout: talk as NodeJS.WriteStream,
    stdin: input,
    stderr: talk as NodeJS.WriteStream,
    alternateScreen: true,
    exitOnCtrlC: false,
    // Whether it may be drawn was asked before, of the terminal and not of the variable CI.
    interactive: true,
    incrementalRendering: true,
    patchConsole: false,
  });
  const over = drawn.waitUntilExit().catch(() => lost());
  return {
    leave: async () => {
      clearInterval(clock);
      screen.stop();
      process.off('SIGHUP', lost);
      talk.off('error', lost);
      talk.off('resize', resized);
      talk.off('drain', screen.catchUp);
      drawn.unmount();
      await over;
      waitAgain();
      // What it says from now on is that it was closed, or that the terminal is gone.
      input.removeAllListeners();
      input.on('error', () => {});
      input.destroy();
    },
  };
}
