import { conflictDiff, isUndecided, markedMerge } from '../operations/config/conflict-texts.ts';
import type { ConfigConflict, ConflictAnswer } from '../operations/session.ts';
import { ask } from './ask.ts';
import { canAsk } from './can-ask.ts';
import type { Context } from './command.ts';
import { editText } from './edit-text.ts';
import { say } from './streams.ts';

type Asking = Omit<Context, 'session'>;

/** Asks on the terminal what becomes of a file that both sides changed; null = nobody can be asked. */
export async function askConflict(conflict: ConfigConflict, context: Asking): Promise<ConflictAnswer | null> {
  if (!canAsk({ ...context, yes: false })) return null;
  const { streams } = context;
  say(streams, `${conflict.file} was changed by you and by the bundle`);
  for (;;) {
    const answer = await ask('  [k]eep yours, take the [n]ew one, [m]erge, [e]dit yours, show the [d]iff? ', streams);
    // The end of input is no answer; to go on without one would be a guess.
    if (answer === null) return null;
    const chosen = await answerTo(answer.trim().toLowerCase(), conflict, context);
    if (chosen !== null) return chosen;
  }
}

/** null = ask again. */
async function answerTo(word: string, conflict: ConfigConflict, context: Asking): Promise<ConflictAnswer | null> {
  const { streams } = context;
  switch (word) {
    case 'k':
    case 'keep':
      return 'keep';
    case 'n':
    case 'new':
      return 'new';
    case 'm':
    case 'merge':
      return edited(markedMerge(conflict), conflict, context);
    case 'e':
    case 'edit':
      return edited(conflict.mine, conflict, context);
    case 'd':
    case 'diff':
      say(streams, (await conflictDiff(conflict)) ?? '  it is not text and cannot be shown');
      return null;
    default:
      return null;
  }
}

async function edited(text: Buffer | null, { file }: ConfigConflict, context: Asking): Promise<ConflictAnswer | null> {
  const { streams } = context;
  if (text === null) {
    say(streams, '  it is not text and cannot be edited');
    return null;
  }
  const written = await editText(text, file, context);
  if (typeof written === 'string') {
    say(streams, `  ${written}`);
    return null;
  }
  if (!isUndecided(written)) return { merged: written };
  say(streams, '  it still has conflict marks; nothing was taken');
  return null;
}
