import fs from 'node:fs';
import path from 'node:path';
import { readStoredManifest, stageArchive } from '../../bundle/index.ts';
import { PkgError } from '../../error.ts';
import type { BundleId, Facts, Plan, Result, Step } from '../../model/index.ts';
import { HANDLERS, type World } from '../../steps/index.ts';
import { type Layout, readRootId, refuseArchivesAway, sealBundle, sweep, transactionIds } from '../../store/index.ts';
import { bootId, flushAhead, flushPayload, syncFolder, writeDurably } from '../../system/index.ts';
import { type Outcome, runTransaction } from '../../transaction/index.ts';
import { planFile } from '../facts/read-transactions.ts';
import { keepDrift, lostDrift } from '../mend/keep-drift.ts';
import { mendEntering } from '../mend/mend-entering.ts';
import { announceChange } from '../notify/announce-change.ts';
import type { Session } from '../session.ts';
import { progressTeller, worldOf } from '../world.ts';
import { checkPrograms } from './check-programs.ts';
import { conclude, tidy } from './conclude.ts';
import { type Prepared, placeBeside } from './prepared.ts';

/** Stages every archive, verified, then runs the plan as one transaction. Only while holding the lock. */
export function execute(prepared: Prepared, facts: Facts, layout: Layout, session: Session): Promise<Result> {
  return announceChange(prepared.plan, (watched) => carryOut(prepared, facts, layout, watched), layout, session);
}

async function carryOut(prepared: Prepared, facts: Facts, layout: Layout, session: Session): Promise<Result> {
  const { plan } = prepared;
  if (plan.archives.length > 0) refuseArchivesAway(layout);
  try {
    const lost = await lostDrift(plan, facts, layout);
    await mendEntering(plan, facts.current, layout, session);
    await stage(plan, { installed: facts.current?.bundles ?? [], lost, known: facts.known }, layout, session);
    await checkPrograms(plan, facts, layout);
    stopIfInterrupted(session);
    const id = 1 + Math.max(0, ...transactionIds(layout));
    prepareTransaction(id, prepared, layout);
    await keepDrift(id, lost, layout, session);
    const outcome = await run(id, plan, layout, session);
    return await conclude(outcome, { id, plan }, layout, session);
  } finally {
    await tidy(session, () => sweep(layout));
  }
}

type Before = {
  readonly installed: readonly BundleId[];
  readonly lost: Facts['drift'];
  readonly known: Facts['known'];
};

async function stage(plan: Plan, before: Before, layout: Layout, session: Session): Promise<void> {
  await using ahead = flushAhead(layout.tmp);
  for (const { file, name, version, digest } of plan.archives) {
    const id: BundleId = { name, version, digest };
    let seen = 0;
    stopIfInterrupted(session);
    const files = before.known.get(digest)?.entries;
    session.tell({ event: 'staging', name, version, ...(files === undefined ? {} : { files }) });
    const installed = before.installed.find((bundle) => bundle.name === name);
    await stageArchive({
      file,
      into: layout.staged(id),
      keepCopy: file === layout.archive(id) ? null : layout.stagedArchive(id),
      reuse: installed === undefined ? null : await reusable(installed, layout),
      limits: session.limits,
      expectDigest: digest,
      onProgress: (unpacked) => {
        session.tell({ event: 'progress', name, ...unpacked });
        ahead.wrote(unpacked.bytes - seen);
        seen = unpacked.bytes;
      },
    });
    // Sharing files by hard links touched their inodes, which must not look like a change made by hand. Where there is
    // such a change, a new seal would hide it from the next look.
    const isDrifted = before.lost.some(({ bundle }) => bundle.digest === installed?.digest);
    if (installed !== undefined && !isDrifted) sealBundle(layout, installed);
  }
  stopIfInterrupted(session);
  await ahead.done();
  if (plan.archives.length > 0) await flushPayload(layout.tmp);
}

async function reusable(installed: BundleId, layout: Layout) {
  const folder = layout.bundle(installed);
  return { folder, manifest: await readStoredManifest(folder) };
}

function prepareTransaction(id: number, prepared: Prepared, layout: Layout): void {
  fs.mkdirSync(path.join(layout.transaction(id), 'log'), { recursive: true, mode: 0o700 });
  placeBeside(id, prepared, layout);
  writeDurably(planFile(layout, id), `${JSON.stringify(prepared.plan)}\n`);
  syncFolder(layout.transactions);
}

function run(id: number, plan: Plan, layout: Layout, session: Session): Promise<Outcome> {
  const commitAfter = plan.steps.findIndex((step) => step.phase === 'clean');
  return runTransaction<Step, World>({
    folder: layout.transaction(id),
    begin: {
      id: String(id),
      command: session.command,
      by: session.by,
      startedAt: new Date().toISOString(),
      programVersion: session.programVersion,
      bootId: bootId(),
      rootId: readRootId(layout),
    },
    steps: plan.steps,
    commitAfter: commitAfter === -1 ? plan.steps.length : commitAfter,
    handlers: HANDLERS,
    world: worldOf(layout, id, session),
    interrupt: session.interrupt,
    trialFor: session.trialFor,
    waitsFrom: waitsFrom(plan),
    tell: progressTeller(session.tell),
  });
}

/** In a preview, the steps after the last previewed instance wait until it is published. */
function waitsFrom({ steps }: Plan): number | null {
  const last = steps.findLastIndex(({ kind }) => kind === 'preview-service');
  return last === -1 ? null : last + 1;
}

function stopIfInterrupted({ interrupt }: Session): void {
  if (interrupt.requested === null) return;
  throw new PkgError('interrupted', `interrupted by ${interrupt.requested}; nothing was changed`, {
    exit: interrupt.requested === 'SIGINT' ? 130 : 143,
  });
}
