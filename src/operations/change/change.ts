import { isDeepStrictEqual } from 'node:util';
import { verifyArchive } from '../../bundle/index.ts';
import { PkgError } from '../../error.ts';
import {
  type Decision,
  type Facts,
  mergeSettings,
  type Plan,
  type Refusal,
  type Request,
  type Result,
} from '../../model/index.ts';
import { settingQuestions } from '../../plan/index.ts';
import { layoutOf, openRoot } from '../../store/index.ts';
import { foreseeConfig } from '../config/foresee-config.ts';
import { gatherFacts } from '../facts/gather-facts.ts';
import { openArchives } from '../facts/open-archives.ts';
import { refuseOtherOwner } from '../refuse-other-owner.ts';
import type { Session } from '../session.ts';
import { type Ended, outcomeOfRefusal, pointedNumber, settled } from '../settled.ts';
import { refuseOnTrial } from '../trial/open-trial.ts';
import { refuseOutsideWindow } from '../windows/refuse-outside.ts';
import { withLock } from '../with-lock.ts';
import { acceptLoss } from './accept-loss.ts';
import { askedOnce } from './asked-once.ts';
import { checkSums } from './check-sums.ts';
import { decideMeasured } from './decide-measured.ts';
import { execute } from './execute.ts';
import { idleOverrides } from './idle-overrides.ts';
import type { Prepared } from './prepared.ts';
import { showDrift } from './show-drift.ts';

/** A decision whose plan is ready to be run. */
export type Decided = Exclude<Decision, { kind: 'plan' }> | ({ readonly kind: 'plan' } & Prepared);

/** What an operator asks for: the archives given, and the request once their digests are known. */
export type Order = {
  readonly files: readonly string[];
  request(digests: readonly string[]): Request;
  /** The required digests, or sha256 of the files, of archives; checked before anything else is decided. */
  readonly sums: readonly string[];
};

/**
 * The common path of install, upgrade, downgrade, remove and rollback: facts, decision, consent, transaction.
 * Every way it can end is told as events; the last is the result.
 */
export async function change(order: Order, session: Session): Promise<Ended> {
  return settled(askedOnce(session), async (noting) => {
    if (noting.dryRun) return preview(order, noting);
    refuseOtherOwner(noting);
    const first = openRoot(noting.root) === null ? await firstChange(order, noting) : null;
    if (first?.barred) return first.barred;
    return withLock(noting, async (layout) => {
      const { facts, decision } = await decideOn(order, noting);
      if (decision.kind !== 'plan') return unplanned(decision, noting);
      if (!isSame(decision.plan, first?.agreed)) await agree(decision.plan, noting);
      return execute(decision, facts, layout, noting);
    });
  });
}

type First = { readonly barred: Result; readonly agreed?: never } | { readonly barred?: never; readonly agreed: Plan };

/** A mistyped word, or a no, must not leave a new root behind, so the first change is accepted before there is one. */
async function firstChange(order: Order, session: Session): Promise<First> {
  const { decision } = await decideOn(order, session);
  if (decision.kind !== 'plan') return { barred: unplanned(decision, session) };
  await agree(decision.plan, session);
  return { agreed: decision.plan };
}

/** Whether the accepted plan is still what would be done: somebody else may have been quicker. */
function isSame(plan: Plan, agreed: Plan | undefined): boolean {
  return agreed !== undefined && plan.from === agreed.from && isDeepStrictEqual(plan.changes, agreed.changes);
}

async function agree(plan: Plan, session: Session): Promise<void> {
  await refuseOutsideWindow(plan, session.root);
  session.tell({ event: 'plan', plan });
  await consent(plan, session);
}

/** Asks once, after the plan is shown; a no is a refusal. */
export async function consent(plan: Plan, session: Session): Promise<void> {
  if (!(await session.confirm(plan))) throw new PkgError('declined', 'the plan was declined');
  await acceptLoss(plan, session);
  // The answer may have taken all night.
  await refuseOutsideWindow(plan, session.root);
}

/** The result of a decision that is not a plan. */
export function unplanned(
  decision:
    | { readonly kind: 'refusal'; readonly refusal: Refusal }
    | { readonly kind: 'nothing'; readonly because: string },
  session: Session,
): Result {
  const common = { event: 'result', generation: pointedNumber(session.root), changes: [] } as const;
  if (decision.kind === 'nothing') {
    session.tell({ event: 'note', message: decision.because });
    return { ...common, outcome: 'nothing-to-do' };
  }
  const { code, message, hint, causes } = decision.refusal;
  session.tell({ event: 'error', code, message, ...(hint === undefined ? {} : { hint }), details: { causes } });
  return { ...common, outcome: outcomeOfRefusal(code), refusal: decision.refusal };
}

/** Opens the archives, reads the facts, decides. */
export async function decideOn(
  order: Order,
  session: Session,
): Promise<{ readonly facts: Facts; readonly decision: Decided }> {
  const opened = await openArchives(order.files, session);
  const unsummed = await checkSums(order.sums, opened);
  const gathered = await gatherFacts(session, opened);
  const request = await withAnswers(order.request(gathered.offered), gathered, session);
  const { facts, decision } = decideMeasured(request, gathered, layoutOf(session.root));
  await showDrift(driftThatMatters(decision, facts), session);
  if (decision.kind !== 'plan') return { facts, decision };
  const { plan } = decision;
  if (session.trialFor !== null) refuseOneWay(plan);
  const notes = [...plan.notes, ...unsummed, ...idleOverrides(request.overrides, plan, facts)];
  const prepared = await foreseeConfig({ plan: { ...plan, notes }, settings: decision.settings }, facts, session);
  return { facts, decision: { kind: 'plan', ...prepared } };
}

/** What was given for the settings in advance, and what was asked now. */
async function withAnswers(request: Request, facts: Facts, session: Session): Promise<Request> {
  const questions = settingQuestions(request, facts);
  if (questions.length === 0) return request;
  return { ...request, settings: mergeSettings(await session.askSettings(questions), request.settings) };
}

/** A trial must be able to go back. */
function refuseOneWay({ pointOfNoReturn, steps }: Plan): void {
  if (pointOfNoReturn === null) return;
  const summary = steps[pointOfNoReturn - 1]?.summary;
  throw new PkgError('one-way', `a trial must be undoable, but step ${pointOfNoReturn} is not: ${summary}`, {
    hint: 'without --try it is done at once',
  });
}

/** Files changed by hand that are in the way, or would be left behind. */
function driftThatMatters(decision: Decision, { drift }: Facts): Facts['drift'] {
  if (decision.kind === 'refusal') return decision.refusal.code === 'drift' ? drift : [];
  if (decision.kind !== 'plan') return [];
  const changing = new Set(decision.plan.changes.map(({ name }) => name));
  return drift.filter(({ bundle }) => changing.has(bundle.name));
}

/** Decides and shows without the lock and without a write; archives are read to their end all the same. */
async function preview(order: Order, session: Session): Promise<Result> {
  refuseOnTrial(session.root);
  const { facts, decision } = await decideOn(order, session);
  if (decision.kind !== 'plan') return unplanned(decision, session);
  await refuseOutsideWindow(decision.plan, session.root);
  for (const { file } of decision.plan.archives) await verifyArchive(file, session.limits);
  session.tell({ event: 'plan', plan: decision.plan });
  return {
    event: 'result',
    outcome: 'nothing-to-do',
    generation: facts.current?.number ?? null,
    changes: decision.plan.changes,
  };
}
