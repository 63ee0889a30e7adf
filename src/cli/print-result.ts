import { isDeepStrictEqual } from 'node:util';
import type { Outcome } from '../model/index.ts';
import type { Context } from './command.ts';
import { printJson } from './streams.ts';

/** The last line of a changing command that makes no generation: the result, with what it has to tell besides. */
export async function printResult(context: Context, outcome: Outcome, told: object): Promise<void> {
  const { pointedNumber } = await import('../operations/settled.ts');
  const generation = pointedNumber(context.root);
  printJson(context.streams, { event: 'result', outcome, generation, changes: [], ...told });
}

/** What a root keeps by such a name: as it was found, or (`before`: what it was) as a change has left it. */
export async function printKept(told: object, before: object | null, context: Context): Promise<void> {
  if (before === null) return printJson(context.streams, told);
  const isSame = context.dryRun || isDeepStrictEqual(told, before);
  await printResult(context, isSame ? 'nothing-to-do' : 'committed', told);
}
