import { history, historyOf } from '../../../operations/look/history.ts';
import { pointedNumber } from '../../../operations/settled.ts';
import type { Context } from '../../command.ts';
import { transactionLines } from '../../views/history-text.ts';
import { paint } from '../../views/paint.ts';
import { browseFrame } from './browse-frame.ts';
import { reduceBrowse } from './browse-state.ts';
import { mount } from '../terminal/mount.tsx';
import { sizeOf } from '../terminal/size-of.ts';
import { makeStore } from '../terminal/store.ts';

/** Shows the history, and answers the words of the command that was chosen there; none when it was only left. */
export async function browse({ root, streams, color }: Context): Promise<readonly string[]> {
  const ink = paint(streams.talk, color);
  const begun = { told: history(root).toReversed(), live: pointedNumber(root), size: sizeOf(streams) };
  const store = makeStore({ ...begun, chosen: 0, isOpen: false, scroll: 0, words: null }, reduceBrowse);
  const { promise, resolve } = Promise.withResolvers<readonly string[]>();
  store.watch(() => {
    const { words } = store.state();
    if (words !== null) resolve(words);
  });
  const screen = mount(store, streams, {
    draw: (state) => browseFrame(state, ink, ({ id }) => transactionLines(historyOf(root, String(id)))),
    onLost: () => store.send({ kind: 'lost' }),
  });
  const words = await promise;
  await screen.leave();
  return words;
}
