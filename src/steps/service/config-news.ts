import fs from 'node:fs';
import path from 'node:path';
import { readStoredManifest } from '../../bundle/index.ts';
import { filesInUse, marksOf } from '../../config/index.ts';
import {
  type BundleSettings,
  type ChangedNames,
  type ConfigChange,
  changedBack,
  changedNames,
  type RunRecord,
  type ServiceAt,
} from '../../model/index.ts';
import { areAnswersLost, type Layout, readGeneration } from '../../store/index.ts';
import { settingsIn } from '../bundle-values.ts';

/** What a service is told that shall read its configuration again: what is different, by name, and how it was before. */
export type ConfigNews = {
  readonly change: ConfigChange;
  /** The folder with the files as it read them before; null where nobody kept them. */
  readonly previousDir: string | null;
};

const NOTHING: ChangedNames = { added: [], changed: [], removed: [] };

/** Nothing is different. */
export const NO_NEWS: ConfigNews = { change: { files: NOTHING, settings: NOTHING }, previousDir: null };

/** The difference between what a service has read and what it finds as a member of the generation in `at`. */
export async function configNews(before: RunRecord, at: ServiceAt, layout: Layout): Promise<ConfigNews> {
  const { bundle } = before;
  const was = before.launch.loaded;
  const now = etcOf(at.generation, at.name.bundle, layout);
  const copy = was === undefined ? asMade(before, layout) : layout.configCopy(bundle, was.copy);
  return {
    change: {
      files: changedNames(was?.files ?? marksOf(filesInUse(copy)), marksOf(filesInUse(now))),
      settings: changedNames(
        await settingsOf(bundle, before.generation, layout),
        await settingsOf(at.name.bundle, at.generation, layout),
      ),
    },
    previousDir: fs.existsSync(copy) ? copy : null,
  };
}

/** The same for a service that shall read again what it had read before. */
export async function configNewsBack(before: RunRecord, at: ServiceAt, layout: Layout): Promise<ConfigNews> {
  const { change } = await configNews(before, at, layout);
  const left = etcOf(at.generation, at.name.bundle, layout);
  return { change: changedBack(change), previousDir: fs.existsSync(left) ? left : null };
}

/** The news in the environment of a command: names one a line, those of files below PKG_CONFIG_DIR. */
export function asVariables({ change, previousDir }: ConfigNews): Readonly<Record<string, string>> {
  return {
    ...variables('FILES', change.files),
    ...variables('SETTINGS', change.settings),
    PKG_PREVIOUS_CONFIG_DIR: previousDir ?? '',
  };
}

/** The news as keys of what a control program reads. */
export function asRequest({ change, previousDir }: ConfigNews) {
  return { changed: change, previousConfigDir: previousDir };
}

function variables(what: string, { added, changed, removed }: ChangedNames): Record<string, string> {
  return {
    [`PKG_ADDED_${what}`]: added.join('\n'),
    [`PKG_CHANGED_${what}`]: changed.join('\n'),
    [`PKG_REMOVED_${what}`]: removed.join('\n'),
  };
}

/** Where nobody noted what it read, it is measured by the revision as it was made. */
function asMade({ bundle, generation }: RunRecord, layout: Layout): string {
  const revision = readGeneration(layout, generation)?.config[bundle];
  return revision === undefined ? etcOf(generation, bundle, layout) : layout.configCreated(bundle, revision);
}

function etcOf(generation: number, bundle: string, layout: Layout): string {
  return path.join(layout.generation(generation), 'etc', bundle);
}

/** Of a generation that is gone nobody knows any, nor where they are lost: it is told what is new to it. */
async function settingsOf(bundle: string, generation: number, layout: Layout): Promise<BundleSettings> {
  const id = readGeneration(layout, generation)?.bundles.find(({ name }) => name === bundle);
  if (id === undefined || areAnswersLost(layout, generation, bundle)) return {};
  return settingsIn(layout, await readStoredManifest(layout.bundle(id)), generation);
}
