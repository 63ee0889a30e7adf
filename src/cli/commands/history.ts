import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';
import { GRAPH_OPTION } from '../options.ts';
import { showGraph } from '../show-graph.ts';
import { showLines } from '../show-lines.ts';
import { printJson, say } from '../streams.ts';

export const history: Command = {
  name: 'history',
  args: '[id]',
  summary: 'every transaction, oldest first; with a number, that one with its steps and logs',
  group: 'look',
  options: [GRAPH_OPTION],
  examples: ['pkg history', 'pkg history 12', 'pkg history --graph'],
  completes: 'transaction',
  run: async ([id], options, context) => {
    const operations = await import('../../operations/look/history.ts');
    const { historyLine, transactionLines } = await import('../views/history-text.ts');
    if (id !== undefined) {
      const told = operations.historyOf(context.root, id);
      if (context.json) printJson(context.streams, { transactions: [told] });
      else await showLines(transactionLines(told), context);
      return EXIT.done;
    }
    const transactions = operations.history(context.root);
    if (options['graph'] === true && transactions.length > 0) {
      const { pointedNumber } = await import('../../operations/settled.ts');
      const { historyGraph } = await import('../views/history-graph.ts');
      const { laneLines } = await import('../views/lane-lines.ts');
      await showGraph(historyGraph(transactions, pointedNumber(context.root)), context, laneLines);
      return EXIT.done;
    }
    if (context.json) printJson(context.streams, { transactions });
    else await showLines(transactions.map(historyLine), context);
    if (!context.json && transactions.length === 0) say(context.streams, `nothing has happened in ${context.root} yet`);
    return EXIT.done;
  },
};
