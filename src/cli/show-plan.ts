import { CODES, type Code, EXIT } from '../error.ts';
import type { Plan } from '../model/index.ts';
import { decideOn } from '../operations/change/change.ts';
import { windowRefusal } from '../operations/windows/refuse-outside.ts';
import type { Context, Options } from './command.ts';
import { orderFor, type Verb } from './requests.ts';
import { showGraph } from './show-graph.ts';
import { showLines } from './show-lines.ts';
import { withStdinArchive } from './stdin-archive.ts';
import { printJson, say } from './streams.ts';
import { paint } from './views/paint.ts';
import { noPlanJson, planJson } from './views/plan-json.ts';
import { planLines } from './views/plan-text.ts';
import { rejectedLines } from './views/rejected-text.ts';

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
      await showIt(decision.plan, options, context);
      // A plan can be made ahead of its window.
      const refusal = await windowRefusal(decision.plan, session.root);
      if (refusal !== null) say(context.streams, `not now: ${refusal.message}; ${refusal.hint ?? ''}`);
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

async function showIt(plan: Plan, options: Options, context: Context): Promise<void> {
  const isWhy = options['why'] === true;
  if (options['graph'] === true) {
    const { planGraph } = await import('./views/plan-graph.ts');
    await showGraph(planGraph(plan), context);
  } else if (context.json) {
    printJson(context.streams, { ...planJson(plan), ...(isWhy ? { rejected: plan.rejected } : {}) });
  } else {
    const ink = paint(context.streams.output, context.color);
    const lines = [...planLines(plan, true, ink), ...(isWhy ? rejectedLines(plan) : [])];
    await showLines(lines, context);
  }
}
