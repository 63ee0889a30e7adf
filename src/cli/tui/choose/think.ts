import { PkgError } from '../../../error.ts';
import type { Refusal } from '../../../model/index.ts';
import type { Consider } from '../../../operations/choose/consider.ts';
import type { GivenArchive } from '../../../operations/choose/open-given.ts';
import type { Context } from '../../command.ts';
import { repeatRoot } from '../../repeat-root.ts';
import { commandOf } from './command-of.ts';
import { cureOf } from './cure-of.ts';
import type { Choose, Outlook } from './state.ts';

/** Says what would come of a choice: the command line that it stands for is read and decided as it will be. */
export type Think = (choose: Choose) => Promise<Outlook>;

/** Reads what is needed for it, once. */
export async function makeThink(given: readonly GivenArchive[], context: Context): Promise<Think> {
  const { openConsider } = await import('../../../operations/choose/consider.ts');
  const reading = openConsider(given, await context.session({}));
  // What is wrong with a root is told to whoever chooses something; until then there is enough to look at.
  reading.catch(() => {});
  return async (choose) => {
    try {
      return await outlookOf(choose, { consider: await reading, given, context });
    } catch (error) {
      if (!(error instanceof PkgError)) throw error;
      const { code, message, hint } = error;
      const refusal = { code, message, causes: [], ...(hint === undefined ? {} : { hint }) };
      return { kind: 'refusal', refusal: withRoot(refusal, context), cure: null };
    }
  };
}

type Thinking = {
  readonly consider: Consider;
  readonly given: readonly GivenArchive[];
  readonly context: Context;
};

async function outlookOf(choose: Choose, { consider, given, context }: Thinking): Promise<Outlook> {
  const { parseWords } = await import('../../program.ts');
  const { orderFor, VERBS } = await import('../../requests.ts');
  const chosen = await parseWords(commandOf(choose) ?? [], context.programVersion, context.streams);
  const verb = typeof chosen === 'number' ? undefined : VERBS.find((one) => one === chosen.command.name);
  if (typeof chosen === 'number' || verb === undefined) return { kind: 'nothing', because: 'nothing is chosen' };
  // The plan will say what is stopped, and a yes to it is consent enough.
  const asker = { root: context.root, command: 'pkg' };
  const order = orderFor(verb, chosen.words, { ...chosen.options, stop: true }, asker);
  const decision = consider(order);
  if (decision.kind === 'nothing') return decision;
  if (decision.kind === 'refusal') {
    const words = new Map(given.map(({ opened, word }) => [opened.file, word]));
    const cure = cureOf(decision.refusal, choose.offers ?? [], words);
    return { kind: 'refusal', refusal: withRoot(decision.refusal, context), cure };
  }
  const { archives } = decision.plan;
  const needed = given.filter(({ opened }) =>
    archives.some(({ file }) => file === opened.file && !order.files.includes(file)),
  );
  return { kind: 'plan', plan: decision.plan, takes: needed.map(({ word }) => word) };
}

/** What is to be run next is run on this root. */
function withRoot(refusal: Refusal, { rootWords }: Context): Refusal {
  return refusal.hint === undefined ? refusal : { ...refusal, hint: repeatRoot(refusal.hint, rootWords) };
}
