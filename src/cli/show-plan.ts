import { type Code, CODES, EXIT } from '../error.ts';
import type { Plan } from '../model/index.ts';
import { decideOn } from '../operations/change.ts';
import type { Context, Options } from './command.ts';
import { orderFor, type Verb } from './requests.ts';
import { withStdinArchive } from './stdin-archive.ts';
import { print, printJson, say } from './streams.ts';
import { paint } from './views/paint.ts';
import { noPlanJson, planJson } from './views/plan-json.ts';
import { planLines } from './views/plan-text.ts';

/** Decides and prints the plan on stdout: it is the data that was asked for. */
export async function showPlan(
  verb: Verb,
  words: readonly string[],
  options: Options,
  context: Context,
): Promise<{ readonly exit: number; readonly plan: Plan | null }> {
  const session = await context.session(options);
  const order = orderFor(verb, words, options, session);
  return withStdinArchive(order.files, context.streams, async (files) => {
    const { facts, decision } = await decideOn({ ...order, files }, session);
    const from = facts.current?.number ?? null;
    if (decision.kind === 'plan') {
      if (context.json) printJson(context.streams, planJson(decision.plan));
      else
        for (const line of planLines(decision.plan, true, paint(context.streams.output, context.color)))
          print(context.streams, line);
      return { exit: EXIT.done, plan: decision.plan };
    }
    if (decision.kind === 'nothing') {
      if (context.json) printJson(context.streams, noPlanJson(from));
      else say(context.streams, decision.because);
      return { exit: EXIT.done, plan: null };
    }
    const { refusal } = decision;
    if (context.json) printJson(context.streams, noPlanJson(from, refusal));
    else session.tell({ event: 'error', ...refusal, details: { causes: refusal.causes } });
    const exit = refusal.code in CODES ? CODES[refusal.code as Code].exit : EXIT.refused;
    return { exit, plan: null };
  });
}
