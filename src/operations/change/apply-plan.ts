import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { peekArchive } from '../../bundle/index.ts';
import { PkgError } from '../../error.ts';
import {
  type BundleId,
  bundleTitle,
  type Facts,
  type Plan,
  type Result,
  type Settings,
  type Step,
} from '../../model/index.ts';
import { HANDLERS } from '../../steps/index.ts';
import { type Layout, layoutOf, openRoot } from '../../store/index.ts';
import { readGivenFile } from '../../system/index.ts';
import { foreseeConfig } from '../config/foresee-config.ts';
import { gatherFacts } from '../facts/gather-facts.ts';
import type { Session } from '../session.ts';
import { settingsToApply } from '../settings/apply.ts';
import { type Ended, settled } from '../settled.ts';
import { refuseOnTrial } from '../trial/open-trial.ts';
import { refuseOutsideWindow } from '../windows/refuse-outside.ts';
import { withLock } from '../with-lock.ts';
import { consent } from './change.ts';
import { execute } from './execute.ts';
import type { Prepared } from './prepared.ts';

const kinds = Object.keys(HANDLERS);

// This program wrote the steps itself; what matters is that nothing unknown is run.
const schema = z.looseObject({
  formatVersion: z.literal('1'),
  from: z.number().int().nullable(),
  to: z.number().int(),
  changes: z.array(z.looseObject({ name: z.string() })),
  steps: z.array(z.looseObject({ kind: z.enum(kinds as [string, ...string[]]), phase: z.string() })),
  archives: z.array(z.looseObject({ file: z.string(), digest: z.string() })),
});

/** What a stored plan does not contain: secrets, and whether to ignore windows. */
export type Given = { readonly settings: Settings; readonly ignoreWindow: boolean };

/** Runs exactly the stored plan, or refuses when the root or an archive is no longer what it was made for. */
export function applyPlan(file: string, given: Given, session: Session): Promise<Ended> {
  return settled(session, async (noting) => {
    const plan = withOverrides(readPlanFile(file), given);
    if (noting.dryRun) return preview(plan, noting);
    // As in every change: a no must not leave a new root behind.
    const isNew = openRoot(noting.root) === null;
    if (isNew) await agree((await prepare(plan, given, noting)).prepared, noting);
    return withLock(noting, async (layout) => {
      const { facts, prepared } = await prepare(plan, given, noting);
      if (!isNew) await agree(prepared, noting);
      return execute(prepared, facts, layout, noting);
    });
  });
}

async function prepare(plan: Plan, given: Given, session: Session) {
  const facts = await factsFor(plan, session);
  const planned = { plan, settings: settingsToApply(plan, given.settings, facts) };
  return { facts, prepared: await foreseeConfig(planned, facts, session) };
}

async function agree({ plan }: Prepared, session: Session): Promise<void> {
  session.tell({ event: 'plan', plan });
  await consent(plan, session);
}

/** An override given now is recorded in the history as well. */
function withOverrides(plan: Plan, { ignoreWindow }: Given): Plan {
  if (!ignoreWindow || plan.overrides.includes('ignore-window')) return plan;
  return { ...plan, overrides: [...plan.overrides, 'ignore-window'] };
}

/** Only reads, without the lock. */
async function preview(plan: Plan, session: Session): Promise<Result> {
  refuseOnTrial(session.root);
  const { current } = await factsFor(plan, session);
  session.tell({ event: 'plan', plan });
  return {
    event: 'result',
    outcome: 'nothing-to-do',
    generation: current?.number ?? null,
    changes: plan.changes,
  };
}

async function factsFor(plan: Plan, session: Session): Promise<Facts> {
  await refuseOutsideWindow(plan, session.root);
  const facts = await gatherFacts(session, []);
  refuseStale(plan, facts);
  for (const archive of plan.archives) await refuseChanged(archive, plan, session);
  refuseIncomplete(plan, layoutOf(session.root));
  return facts;
}

function readPlanFile(file: string): Plan {
  const text = readGivenFile(file);
  try {
    return schema.parse(JSON.parse(text)) as unknown as Plan;
  } catch (error) {
    throw new PkgError('usage', `${file} is not a plan of this pkg`, {
      hint: 'make one with: pkg plan install FILE… -o plan.json',
      cause: error,
    });
  }
}

function refuseStale(plan: Plan, facts: Facts): void {
  const live = facts.current?.number ?? null;
  const first = Math.min(...plan.steps.flatMap((step) => (step.kind === 'write-generation' ? [step.number] : [])));
  if (live === plan.from && facts.nextGeneration === first) return;
  const base = (number: number | null) => (number === null ? 'an empty root' : `generation ${number}`);
  const reason = live === plan.from ? 'other changes were tried since' : `the root is at ${base(live)}`;
  throw new PkgError('stale-plan', `the plan was made for ${base(plan.from)}, but ${reason}`, {
    hint: again(plan),
  });
}

async function refuseChanged(archive: Plan['archives'][number], plan: Plan, session: Session): Promise<void> {
  const found = fs.existsSync(archive.file) ? (await peekArchive(archive.file, session.limits)).id.digest : 'absent';
  if (found === archive.digest) return;
  throw new PkgError('stale-plan', `${archive.file} is not the archive the plan was made for`, {
    hint: again(plan),
    details: { file: archive.file, expected: archive.digest, found },
  });
}

function again({ command }: Plan): string {
  return `make it again: ${command}`;
}

/** gc may have deleted what the plan needs; here nothing has begun yet. */
function refuseIncomplete(plan: Plan, layout: Layout): void {
  const brought = new Set(plan.archives.map(({ digest }) => digest));
  const needed = plan.steps.flatMap((step) => neededBy(step, brought, layout));
  const missing = needed.find(({ file }) => !fs.existsSync(file));
  if (missing === undefined) return;
  throw new PkgError('stale-plan', `the plan needs ${missing.what}, which is no longer kept`, {
    hint: again(plan),
    details: missing,
  });
}

type Needed = { readonly what: string; readonly file: string };

function neededBy(step: Step, brought: ReadonlySet<string>, layout: Layout): readonly Needed[] {
  const revisionOf = ({ name }: BundleId, revision: string): Needed => ({
    what: `the configuration of ${name} from generation ${revision}`,
    file: layout.configRevision(name, revision),
  });
  if (step.kind === 'write-generation') {
    return step.bundles
      .filter(({ digest }) => !brought.has(digest))
      .map((bundle) => ({ what: bundleTitle(bundle), file: path.join(layout.bundle(bundle), 'bundle.json') }));
  }
  if (step.kind !== 'write-config') return [];
  const { bundle, previous, restored } = step;
  return [
    ...(previous === null ? [] : [revisionOf(previous.bundle, previous.revision)]),
    ...(restored === undefined ? [] : [revisionOf(bundle, restored)]),
  ];
}
