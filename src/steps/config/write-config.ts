import fs from 'node:fs';
import path from 'node:path';
import { readStoredManifest } from '../../bundle/index.ts';
import { type Choice, type FileOutcome, keepEdits, writeRevision } from '../../config/index.ts';
import { readComingSettings, takeConfigAway } from '../../store/index.ts';
import type { StepHandler } from '../step-handler.ts';
import type { World } from '../world.ts';
import { type ConfigStep, configSides } from './settle-config.ts';
import type { ConfigSource } from './shipped-config.ts';

/** A new revision beside the old one, merged with what the operator edited; the old one stays as it is. */
export const writeConfig: StepHandler<'write-config'> = {
  repeatable: true,
  isGround: true,

  async do(step, world) {
    const { layout, tell } = world;
    const { name } = step.bundle;
    const { shipped, ...sides } = await configSides(step, await sourceOf(step, world), choicesOf(step, world), layout);
    const outcomes = await writeRevision({
      ...sides,
      via: (step.via ?? []).map(({ bundle, revision }) => ({
        into: layout.configRevision(bundle.name, revision),
        created: layout.configCreated(bundle.name, revision),
      })),
      into: layout.configRevision(name, step.revision),
      created: layout.configCreated(name, step.revision),
      sums: layout.configSums(name, step.revision),
      shipped: { into: layout.configShipped(name, step.revision), entries: shipped },
      temp: path.join(layout.tmp, `config-${name}-${step.revision}`),
    });
    for (const one of step.isPassed === true ? [] : outcomes) {
      const message = outcomeWords(name, one);
      if (message !== null) tell({ event: 'warning', message });
    }
  },

  async undo(step, world) {
    const { layout, tell } = world;
    const { name } = step.bundle;
    const revision = layout.configRevision(name, step.revision);
    const beside =
      step.previous === null
        ? path.join(layout.transaction(world.transaction), 'edited', name)
        : layout.configRevision(step.previous.bundle.name, step.previous.revision);
    const kept = await keepEdits(
      revision,
      layout.configCreated(name, step.revision),
      beside,
      `pkg-edited-${step.revision}`,
    );
    for (const file of kept) {
      tell({ event: 'warning', message: `edited while the change ran, kept as ${path.join(beside, file)}` });
    }
    takeConfigAway(layout, name, step.revision);
  },
};

/** What an operator should know of a file: where the other side lies. Null where there is nothing to look at. */
export function outcomeWords(name: string, { path: file, outcome, beside }: FileOutcome): string | null {
  if (beside === undefined) return null;
  if (outcome === 'removed')
    return `etc/${name}/${file}: it is no configuration of ${name} any more, yours lies there as ${path.basename(beside)}`;
  if (outcome !== 'conflict') return null;
  const isNew = beside.includes('.pkg-new');
  const [used, put] = isNew ? ['yours is kept', 'the new one'] : ['the new one is in place', 'yours'];
  return `etc/${name}/${file}: ${used}, ${put} lies beside it as ${path.basename(beside)}`;
}

async function sourceOf({ bundle, revision, phase }: ConfigStep, world: World): Promise<ConfigSource> {
  const { layout } = world;
  const folder = layout.bundle(bundle);
  return {
    folder,
    manifest: await readStoredManifest(folder),
    bundleDir: folder,
    settings: readComingSettings(layout, world.transaction)[bundle.name] ?? {},
    generation: revision,
    mayLackOwner: phase === 'stage',
  };
}

/** What the operator decided before anything began; a text written from both sides waits beside the plan. */
function choicesOf({ bundle, choices }: ConfigStep, { layout, transaction }: World): ReadonlyMap<string, Choice> {
  const folder = layout.mergedConfig(transaction, bundle.name);
  return new Map(
    Object.entries(choices ?? {}).map(([file, choice]): readonly [string, Choice] => {
      if (typeof choice === 'string') return [file, choice];
      return [file, { content: fs.readFileSync(path.join(folder, file)), writtenFor: choice.merged }];
    }),
  );
}
