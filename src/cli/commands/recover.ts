import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';
import { printJson, say } from '../streams.ts';

export const recover: Command = {
  name: 'recover',
  summary: 'finish or undo an interrupted transaction, and repair `current`',
  group: 'change',
  completes: 'nothing',
  run: async (_words, options, context) => {
    const operation = await import('../../operations/recover.ts');
    const { transactions, repointed, restored } = await operation.recover(await context.session(options));
    const isWhole = transactions.length === 0 && repointed === null && restored === null;
    if (context.json) {
      printJson(context.streams, {
        event: 'result',
        outcome: isWhole ? 'nothing-to-do' : 'committed',
        transactions,
        repointed,
        restored,
      });
      return EXIT.done;
    }
    for (const { id, command, did } of transactions) say(context.streams, `transaction ${id} (${command}) was ${did}`);
    if (repointed !== null) say(context.streams, `current points to generation ${repointed} again`);
    if (restored !== null) say(context.streams, `the record of generation ${restored} was written again`);
    if (isWhole) say(context.streams, 'nothing to recover, the root is whole');
    return EXIT.done;
  },
};
