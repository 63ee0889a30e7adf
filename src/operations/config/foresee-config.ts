import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { extractFiles } from '../../bundle/index.ts';
import { bytesOf, type Choice, digest, type FileOutcome, type Settling, settleFiles } from '../../config/index.ts';
import { PkgError } from '../../error.ts';
import {
  bundleTitle,
  type ConfigChoice,
  type Facts,
  type KnownBundle,
  type Manifest,
  type Step,
} from '../../model/index.ts';
import { type ConfigSource, type ConfigStep, configSides, editedUntilNow, outcomeWords } from '../../steps/index.ts';
import { type Layout, layoutOf } from '../../store/index.ts';
import { removeTree } from '../../system/index.ts';
import type { Prepared } from '../change/prepared.ts';
import type { ConflictAnswer, Session } from '../session.ts';

/**
 * Decides every configuration file before anything begins, as the steps will: the plan says what becomes of edits, and
 * conflicts are asked about if `--config ask` was given. Writes nothing below the root.
 */
export async function foreseeConfig(
  planned: Omit<Prepared, 'merged'>,
  facts: Facts,
  session: Session,
): Promise<Prepared> {
  const layout = layoutOf(session.root);
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-config-'));
  try {
    const found: Foreseen[] = [];
    for (const step of planned.plan.steps.filter(isFirstMerge)) {
      const bundle = facts.known.get(step.bundle.digest);
      if (bundle === undefined || !(await isWorthALook(step, bundle.manifest, layout))) continue;
      const source = await sourceOf(step, bundle, { planned, temporary, layout, session });
      found.push(await foresee(step, source, layout, session));
    }
    const prepared = withForeseen(planned, found);
    return { ...prepared, plan: { ...prepared.plan, notes: [...prepared.plan.notes, ...ownerNotes(planned, facts)] } };
  } finally {
    removeTree(temporary);
  }
}

/** Only root can give files to another owner. */
function ownerNotes({ plan }: Omit<Prepared, 'merged'>, { known }: Facts): readonly string[] {
  if (process.getuid?.() === 0) return [];
  const steps = plan.steps.filter((step) => step.kind === 'write-config' && step.phase === 'stage');
  return steps.flatMap((step) => {
    const declared = step.kind === 'write-config' ? known.get(step.bundle.digest) : undefined;
    const owners = [...new Set((declared?.manifest.config ?? []).flatMap(({ owner }) => owner ?? []))];
    if (declared === undefined || owners.length === 0) return [];
    return [
      `only root can give configuration of ${bundleTitle(declared.id)} to ${owners.join(' and ')}; it stays yours`,
    ];
  });
}

type Foreseen = {
  readonly step: ConfigStep;
  readonly notes: readonly string[];
  readonly choices: Readonly<Record<string, ConfigChoice>>;
  readonly merged: ReadonlyMap<string, Buffer>;
};

/** The merge before anything is touched; it is repeated right before the switch. */
function isFirstMerge(step: Step): step is ConfigStep {
  return step.kind === 'write-config' && step.phase === 'stage';
}

/** Unedited files follow their bundle, and need no reading of archives; only templates can still be wrong. */
async function isWorthALook(step: ConfigStep, { config = [] }: Manifest, layout: Layout): Promise<boolean> {
  if (config.some(({ template }) => template === true) || step.since !== undefined) return true;
  const { mine, base } = await editedUntilNow(step, layout);
  return [...mine].some(([name, entry]) => digest(entry) !== digest(base.get(name)));
}

type Place = {
  readonly planned: Omit<Prepared, 'merged'>;
  readonly temporary: string;
  readonly layout: Layout;
  readonly session: Session;
};

async function sourceOf(step: ConfigStep, bundle: KnownBundle, place: Place): Promise<ConfigSource> {
  const { planned, temporary, layout, session } = place;
  const bundleDir = layout.bundle(step.bundle);
  const common = {
    manifest: bundle.manifest,
    bundleDir,
    settings: planned.settings[step.bundle.name] ?? {},
    generation: step.revision,
    mayLackOwner: true,
  };
  if (bundle.at === 'store' || bundle.file === null) return { ...common, folder: bundleDir };
  const folder = path.join(temporary, step.bundle.digest.replace(':', '-'));
  const files = (bundle.manifest.config ?? []).map(({ path: file }) => file);
  await extractFiles(bundle.file, files, folder, session.limits);
  return { ...common, folder };
}

async function foresee(step: ConfigStep, source: ConfigSource, layout: Layout, session: Session): Promise<Foreseen> {
  const sides = await configSides(step, source, new Map(), layout);
  const before = settleFiles(sides);
  // Of a version that is only passed, just the templates are checked; its merge does not matter.
  if (step.isPassed === true) return { step, notes: [], choices: {}, merged: new Map() };
  if (step.policy !== 'ask' || session.dryRun)
    return { ...said(step, before.outcomes), choices: {}, merged: new Map() };
  const choices = new Map<string, Choice>();
  for (const { path: file } of before.outcomes.filter(({ isContested }) => isContested === true)) {
    const answer = await session.askConflict(conflictOf(step.bundle.name, file, sides));
    if (answer === null) throw nobodyToAsk(step.bundle.name, file);
    choices.set(file, chosen(answer, digest(sides.mine.get(file)) ?? ''));
  }
  const { outcomes } = settleFiles({ ...sides, choices });
  return { ...said(step, outcomes), ...stored(choices) };
}

function conflictOf(name: string, file: string, { base, mine, theirs }: Settling) {
  const contents = { base: bytesOf(base.get(file)), mine: bytesOf(mine.get(file)), theirs: bytesOf(theirs.get(file)) };
  return { file: `etc/${name}/${file}`, ...contents };
}

function chosen(answer: ConflictAnswer, writtenFor: string): Choice {
  return typeof answer === 'string' ? answer : { content: answer.merged, writtenFor };
}

/** Into the plan goes what was chosen; a text, which may hold secrets, stays beside it. */
function stored(choices: ReadonlyMap<string, Choice>): Pick<Foreseen, 'choices' | 'merged'> {
  const words = [...choices].map(([file, choice]): readonly [string, ConfigChoice] => [
    file,
    typeof choice === 'string' ? choice : { merged: choice.writtenFor },
  ]);
  const texts = [...choices].flatMap(([file, choice]) =>
    typeof choice === 'string' ? [] : [[file, choice.content] as const],
  );
  return { choices: Object.fromEntries(words), merged: new Map(texts) };
}

function said(step: ConfigStep, outcomes: readonly FileOutcome[]): Pick<Foreseen, 'step' | 'notes'> {
  const { name } = step.bundle;
  const notes = outcomes.flatMap((one) => {
    if (one.outcome === 'merged') return [`etc/${name}/${one.path}: your edits are merged with the new one`];
    return outcomeWords(name, one) ?? [];
  });
  return { step, notes };
}

function withForeseen(planned: Omit<Prepared, 'merged'>, found: readonly Foreseen[]): Prepared {
  const { plan, settings } = planned;
  const steps = plan.steps.map((step): Step => {
    if (step.kind !== 'write-config') return step;
    const own = found.find(
      (one) => one.step.bundle.digest === step.bundle.digest && one.step.revision === step.revision,
    );
    return own === undefined || Object.keys(own.choices).length === 0 ? step : { ...step, choices: own.choices };
  });
  return {
    plan: { ...plan, steps, notes: [...plan.notes, ...found.flatMap(({ notes }) => notes)] },
    settings,
    merged: new Map(found.map((one) => [one.step.bundle.name, one.merged])),
  };
}

function nobodyToAsk(name: string, file: string): PkgError {
  return new PkgError(
    'config-conflict',
    `etc/${name}/${file} was changed here and in the bundle, and nobody can be asked`,
    {
      hint: '--config keep leaves yours in place, --config new takes that of the bundle; the other lies beside it',
    },
  );
}
