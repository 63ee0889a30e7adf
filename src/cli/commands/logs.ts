import { EXIT, PkgError } from '../../error.ts';
import type { Command, Context, Options } from '../command.ts';
import { numberOption, textOption } from '../options.ts';
import { print, printJson } from '../streams.ts';

export const logs: Command = {
  name: 'logs',
  args: '[service]',
  summary: 'the last output of a service, or the logs of a transaction',
  group: 'look',
  options: [
    { flags: '-f, --follow', help: 'keep printing new output as it comes' },
    { flags: '-n, --lines <n>', help: 'how many lines (20)' },
    { flags: '--transaction <id>', help: 'the output of the hooks, checks and programs of this change' },
  ],
  examples: ['pkg logs web/server', 'pkg logs -f -n 100 web', 'pkg logs --transaction 12'],
  completes: 'service',
  run: async ([word], options, context) => {
    const id = textOption(options, 'transaction');
    if (id !== undefined) return showTransaction(id, context);
    if (word !== undefined) return showService(word, options, context);
    throw new PkgError('usage', 'missing the name of a service, or --transaction', {
      hint: 'pkg service status lists the services',
    });
  },
};

async function showTransaction(id: string, { root, streams, json }: Context): Promise<number> {
  const { transactionLogs } = await import('../../operations/service/logs.ts');
  const found = transactionLogs(root, id);
  if (json) {
    printJson(streams, { transaction: Number(id), logs: found });
    return EXIT.done;
  }
  for (const { file, text } of found) {
    print(streams, `==> ${file} <==`);
    if (text !== '') print(streams, text.replace(/\n$/, ''));
  }
  return EXIT.done;
}

async function showService(word: string, options: Options, context: Context): Promise<number> {
  const { streams, json } = context;
  const session = await context.session(options);
  const { serviceLog } = await import('../../operations/service/logs.ts');
  const { followLines, lastLinesOf } = await import('../../operations/service/log-lines.ts');
  const { file, hide } = await serviceLog(word, session);
  const { lines: last, end } = lastLinesOf(file, numberOption(options, 'lines', 0) ?? 20);
  const lines = await Promise.all(last.map(hide));
  if (options['follow'] !== true) {
    if (json) printJson(streams, { file, lines });
    else for (const line of lines) print(streams, line);
    return EXIT.done;
  }
  const show = (line: string): void => (json ? printJson(streams, { line }) : print(streams, line));
  for (const line of lines) show(line);
  for await (const line of followLines(file, end, untilNobodyReads(session.stopWaiting, context)))
    show(await hide(line));
  return EXIT.done;
}

/** Fires with a signal, when the terminal is closed, or when the other end of the pipe is. */
function untilNobodyReads(interrupted: AbortSignal, { streams }: Context): AbortSignal {
  const gone = new AbortController();
  streams.output.on('error', () => gone.abort());
  process.on('SIGHUP', () => gone.abort());
  return AbortSignal.any([interrupted, gone.signal]);
}
