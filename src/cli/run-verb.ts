import { change } from '../operations/change.ts';
import type { Context, Options } from './command.ts';
import { orderFor, type Verb } from './requests.ts';
import { withStdinArchive } from './stdin-archive.ts';

/** A changing command: its words become one order on the one road of changes. */
export async function runVerb(
  verb: Verb,
  words: readonly string[],
  options: Options,
  context: Context,
): Promise<number> {
  return withStdinArchive(words, context.streams, async (files) => {
    const session = await context.session(options);
    const { exit } = await change(orderFor(verb, files, options, session), session);
    return exit;
  });
}
