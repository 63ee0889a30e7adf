import { PkgError } from '../../../error.ts';
import type { SettingQuestion, Settings } from '../../../model/index.ts';
import type { ConfigConflict, ConflictAnswer, Session } from '../../../operations/session.ts';
import type { Context } from '../../command.ts';
import { editText } from '../../edit-text.ts';
import { hinted } from '../../hinted.ts';
import { repeatRootIn } from '../../repeat-root.ts';
import { paint } from '../../views/paint.ts';
import { reduce } from './reduce.ts';
import { settleConflict, shownConflict } from '../conflict/settle-conflict.ts';
import { answersOf, openForm } from '../settings/form.ts';
import { sizeOf } from '../terminal/size-of.ts';
import { makeStage, type Stage } from './stage.ts';
import { blankState, type Input, type State } from './state.ts';
import { makeStore, type Store } from '../terminal/store.ts';

/** A session whose questions and events are on the screen; `close` gives the terminal back. */
export type Screen = { readonly session: Session; close(): Promise<void> };

/** Shows what a session tells and asks. The change decides and goes on by itself, with or without a terminal. */
export function openScreen(session: Session, context: Omit<Context, 'session'>): Screen {
  const { streams, color, rootWords } = context;
  const store = makeStore(blankState({ command: session.command, rootWords }, sizeOf(streams), Date.now()), reduce);
  const ink = paint(streams.talk, color);
  const stage = makeStage(store, streams, { ink, tell: session.tell, interrupt: session.interrupt });
  session.stopWaiting.addEventListener('abort', () => store.send({ kind: 'signal' }));
  // While keys are read one by one, the terminal makes no signal of Ctrl-C.
  store.watch((before) => {
    if (store.state().interrupts > before.interrupts) process.kill(process.pid, 'SIGINT');
  });
  const onScreen: Session = {
    ...session,
    tell: (event) => stage.tell(repeatRootIn(hinted(event, []), rootWords)),
    confirm: async () => {
      store.send({ kind: 'question' });
      return (await stage.answer()) === 'yes';
    },
    askName: async (name, loss) => {
      store.send({ kind: 'name', loss: { name, loss } });
      return (await stage.answer()) === 'yes' ? store.state().typed : '';
    },
    askSettings: (questions) => askSettings(questions, store, stage),
    askConflict: (conflict) => askConflict(conflict, { store, stage, context }),
  };
  return { session: onScreen, close: () => close(store, stage) };
}

type Asking = {
  readonly store: Store<State, Input>;
  readonly stage: Stage;
  readonly context: Omit<Context, 'session'>;
};

/** Nobody there leaves everything open: what has no default is refused by name. */
async function askSettings(
  questions: readonly SettingQuestion[],
  store: Store<State, Input>,
  stage: Stage,
): Promise<Settings> {
  const form = openForm(questions);
  if (form === null) return {};
  store.send({ kind: 'settings', form });
  const answer = await stage.answer();
  if (answer === 'no') throw new PkgError('declined', 'the settings were not answered');
  const { form: done } = store.state();
  return answer === 'lost' || done === null ? {} : answersOf(done);
}

async function askConflict(
  conflict: ConfigConflict,
  { store, stage, context }: Asking,
): Promise<ConflictAnswer | null> {
  let problem: string | null = null;
  for (;;) {
    store.send({ kind: 'conflict', conflict: await shownConflict(conflict, problem) });
    const answer = await stage.answer();
    if (answer === 'lost') return null;
    if (answer === 'no' || answer === 'yes') throw new PkgError('declined', `${conflict.file} was not decided`);
    const settled = await settleConflict(answer, conflict, async (text) => {
      await stage.leave();
      return editText(text, conflict.file, context);
    });
    if ('taken' in settled) return settled.taken;
    problem = settled.problem;
  }
}

/** What went wrong stays on the screen until it was seen; a success is told on the normal one. */
async function close(store: Store<State, Input>, stage: Stage): Promise<void> {
  const isOnScreen = store.state().view === 'work';
  if (isOnScreen && isTrouble(store.state())) await stage.until(({ isSeen }) => isSeen);
  await stage.leave();
}

function isTrouble({ result }: State): boolean {
  return result !== null && (result.outcome === 'undone' || result.outcome === 'needs-recovery');
}
