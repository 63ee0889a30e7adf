import path from 'node:path';
import { isBeside } from '../../config/index.ts';
import { PkgError } from '../../error.ts';
import { type GenerationOutcome, type InstalledBundle, previewedBy, type ServiceStatus } from '../../model/index.ts';
import { generationNumbers, type Layout, openRoot } from '../../store/index.ts';
import { type LockHolder, pathsBelow } from '../../system/index.ts';
import { driftOf } from '../facts/drift-of.ts';
import { readCurrent } from '../facts/read-current.ts';
import { isOpen, outcomeOf, readTransactions, type TransactionRecord } from '../facts/read-transactions.ts';
import { runningChange } from '../facts/running-change.ts';
import { type InMaintenance, listMaintenance } from '../maintenance/list-maintenance.ts';
import { readableServices } from '../service/status.ts';
import { isPreview, openTrial } from '../trial/open-trial.ts';
import { unreadFolders } from './unread.ts';

/** What an operator wants to see first: what is live, what is going on, and what needs attention. */
export type Status = {
  readonly generation: number | null;
  readonly outcome: GenerationOutcome | null;
  /** ISO time at which a trial is undone by itself. */
  readonly trialUntil: string | null;
  /** A generation that only some clients see; `until` is null where only `pkg publish` or `pkg abandon` ends that. */
  readonly preview: {
    readonly generation: number;
    readonly clients: readonly string[];
    readonly until: string | null;
  } | null;
  readonly bundles: readonly InstalledBundle[];
  readonly services: readonly ServiceStatus[];
  readonly openTransaction: {
    readonly id: number;
    readonly command: string;
    readonly by: string;
    readonly startedAt: string;
  } | null;
  /** The process that changes the root right now. */
  readonly running: LockHolder | null;
  /** What is down on purpose, as its visitors are told. */
  readonly maintenance: readonly InMaintenance[];
  /** Configuration files that wait for a decision of the operator. */
  readonly configWaiting: readonly string[];
  readonly keptGenerations: readonly number[];
  /** How many shipped files were changed by hand. */
  readonly drift: number;
  /** Folders that only the owner of the root may read, and that are not in this answer. */
  readonly unread: readonly string[];
  /** Set when `current` or its generation is damaged. */
  readonly problem: { readonly message: string; readonly hint: string } | null;
};

const NOTHING: Status = {
  generation: null,
  outcome: null,
  trialUntil: null,
  preview: null,
  bundles: [],
  services: [],
  openTransaction: null,
  running: null,
  maintenance: [],
  configWaiting: [],
  keptGenerations: [],
  drift: 0,
  unread: [],
  problem: null,
};

/** Reads without the lock: during a change, it reports the generation that is live. */
export async function status(root: string): Promise<Status> {
  const layout = openRoot(root);
  if (layout === null) return NOTHING;
  const unread = unreadFolders(layout);
  const isTold = !unread.includes(layout.transactions);
  const transactions = isTold ? readTransactions(layout) : [];
  const { generation, problem } = liveGeneration(layout);
  const open = transactions.find(isOpen);
  return {
    ...NOTHING,
    generation: generation?.number ?? null,
    outcome: generation === null || !isTold ? null : outcomeOf(generation.number, transactions),
    ...trialIn(transactions),
    bundles: generation?.bundles ?? [],
    services: unread.includes(layout.run) ? [] : await readableServices(layout, generation),
    openTransaction: open === undefined ? null : whoBegan(open),
    running: runningChange(layout),
    maintenance: listMaintenance(root).up,
    configWaiting: Object.keys(generation?.config ?? {}).flatMap((name) =>
      waitingIn(path.join(layout.current, 'etc', name)),
    ),
    keptGenerations: generationNumbers(layout),
    drift: (await driftOf(layout, generation)).drift.length,
    unread,
    problem,
  };
}

function trialIn(transactions: readonly TransactionRecord[]): Pick<Status, 'trialUntil' | 'preview'> {
  const open = openTrial(transactions);
  const until = open?.trial.wallUntil ?? null;
  if (open === null || !isPreview(open)) return { trialUntil: until, preview: null };
  const { plan } = open;
  const preview = plan === null ? null : { generation: plan.to, clients: previewedBy(plan), until };
  return { trialUntil: null, preview };
}

function liveGeneration(layout: Layout) {
  try {
    return { generation: readCurrent(layout), problem: null };
  } catch (error) {
    if (!(error instanceof PkgError) || error.code !== 'root-damaged') throw error;
    return { generation: null, problem: { message: error.message, hint: error.hint ?? 'pkg verify' } };
  }
}

function whoBegan({ id, journal }: TransactionRecord): Status['openTransaction'] {
  const { begin } = journal;
  return begin === null ? null : { id, command: begin.command, by: begin.by, startedAt: begin.startedAt };
}

/** Files that a merge left beside the ones in use. */
function waitingIn(folder: string): readonly string[] {
  return pathsBelow(folder)
    .filter(isBeside)
    .toSorted()
    .map((name) => path.join(folder, name));
}
