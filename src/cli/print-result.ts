import type { Outcome } from '../model/index.ts';
import type { Context } from './command.ts';
import { printJson } from './streams.ts';

/** The last line of a changing command that makes no generation: the result, with what it has to tell besides. */
export async function printResult(context: Context, outcome: Outcome, told: object): Promise<void> {
  const { pointedNumber } = await import('../operations/settled.ts');
  const generation = pointedNumber(context.root);
  printJson(context.streams, { event: 'result', outcome, generation, changes: [], ...told });
}
