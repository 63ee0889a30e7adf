import { EXIT } from '../../error.ts';
import type { Outcome } from '../../model/index.ts';
import type { Recovered } from '../../operations/mend/recover-open.ts';
import type { Command, Context, Options } from '../command.ts';
import { listOption, numberOption } from '../options.ts';
import { printResult } from '../print-result.ts';
import { say } from '../streams.ts';

export const recover: Command = {
  name: 'recover',
  summary: 'finish or undo an interrupted transaction, and repair `current`',
  group: 'change',
  options: [
    {
      flags: '--skip-hook <name>',
      help: 'do without this hook, such as site/preremove, which can never succeed; what it would take back stays (may be repeated)',
      isList: true,
    },
    { flags: '--trial <id>', help: 'wait until this trial is over; pkg starts it by itself after --try' },
  ],
  examples: ['pkg recover', 'pkg recover --skip-hook site/preremove'],
  completes: 'nothing',
  run: async (_words, options, context) => {
    const recovered = await recoverNow(options, context);
    if (context.json) await printResult(context, outcomeOf(recovered, context), toldOf(recovered));
    else for (const line of linesOf(recovered, context)) say(context.streams, line);
    return recovered.transactions.some(isUncleaned) ? EXIT.needsRecovery : EXIT.done;
  },
};

type Transaction = Recovered['transactions'][number];

async function recoverNow(options: Options, context: Context): Promise<Recovered> {
  if (context.dryRun) return (await import('../../operations/mend/foresee-recovery.ts')).foreseeRecovery(context.root);
  const session = await context.session(options);
  const trial = numberOption(options, 'trial', 1);
  const { recover: operation } = await import('../../operations/mend/recover.ts');
  if (trial === undefined) return operation(session, await givenUp(options, context));
  const { watchTrial } = await import('../../operations/trial/watch-trial.ts');
  return (await watchTrial(trial, session)) ?? { transactions: [], repointed: null, restored: null, trial: null };
}

/** Each is a risk of its own, and accepted by its name. */
async function givenUp(options: Options, context: Context): Promise<readonly string[]> {
  const names = listOption(options, 'skipHook');
  if (names.length === 0) return names;
  const { checkGivenUp } = await import('../../operations/mend/check-given-up.ts');
  checkGivenUp(context.root, names);
  const { askTyped } = await import('../ask-typed.ts');
  for (const name of names) await askTyped(`${name} will not be run, and what it would take back stays`, name, context);
  return names;
}

function outcomeOf(recovered: Recovered, { dryRun }: Context): Outcome {
  if (recovered.transactions.some(isUncleaned)) return 'needs-recovery';
  return dryRun || isWhole(recovered) ? 'nothing-to-do' : 'committed';
}

function toldOf({ trial, ...done }: Recovered) {
  return { ...done, trial: trial === null ? null : { id: trial.id, until: trial.trial.wallUntil } };
}

function linesOf(recovered: Recovered, { dryRun }: Context): readonly string[] {
  const [was, points] = dryRun ? ['would be', 'would point'] : ['was', 'points'];
  const { transactions, repointed, restored, trial } = recovered;
  return [
    ...transactions.map((one) => transactionLine(one, was)),
    ...(repointed === null ? [] : [`current ${points} to generation ${repointed} again`]),
    ...(restored === null ? [] : [`the record of generation ${restored} ${was} written again`]),
    ...(isWhole(recovered) ? ['nothing to recover, the root is whole'] : []),
    ...(trial === null
      ? []
      : [`transaction ${trial.id} (${trial.command}) is on trial until ${trial.trial.wallUntil}`]),
  ];
}

function transactionLine({ id, command, did, wasTrial, left }: Transaction, was: string): string {
  const title = `transaction ${id} (${command})`;
  if (did === 'uncleaned') return `${title} is final; still to do: ${left.map(({ summary }) => summary).join('; ')}`;
  return wasTrial ? `${title} was on trial and not committed in time; it ${was} ${did}` : `${title} ${was} ${did}`;
}

function isUncleaned({ did }: Transaction): boolean {
  return did === 'uncleaned';
}

function isWhole({ transactions, repointed, restored }: Recovered): boolean {
  return transactions.length === 0 && repointed === null && restored === null;
}
