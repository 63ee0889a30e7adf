import { change } from '../operations/change/change.ts';
import { canAsk } from './can-ask.ts';
import type { Context, Options } from './command.ts';
import { orderFor, type Verb } from './requests.ts';
import { withStdinArchive } from './stdin-archive.ts';
import { withScreen } from './with-screen.ts';

/** A changing command: its words become one order on the one road of changes. */
export async function runVerb(
  verb: Verb,
  words: readonly string[],
  options: Options,
  context: Context,
): Promise<number> {
  const session = await context.session(options);
  // A yes to the plan that says what is stopped is consent enough.
  const stop = options['stop'] === true || canAsk(context);
  const order = orderFor(verb, words, { ...options, stop }, session);
  return withStdinArchive(order.files, context.streams, async (files) => {
    const { exit } = await withScreen(session, context, (shown) => change({ ...order, files }, shown));
    return exit;
  });
}
