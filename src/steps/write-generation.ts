import { readStoredManifest } from '../bundle/index.ts';
import { configName } from '../config/index.ts';
import type { Generation, Manifest, Step } from '../model/index.ts';
import { discard, type GenerationLinks, type Layout, readComingSettings, writeGeneration } from '../store/index.ts';
import type { StepHandler } from './step-handler.ts';
import { wasLastLive } from './switch-current.ts';

/** Writes the set that `current` will point to, with the links of its commands. */
export const writeGenerationStep: StepHandler<'write-generation'> = {
  repeatable: true,
  isGround: true,

  async do(step, { layout, transaction }) {
    const generation = generationOf(step);
    const coming = readComingSettings(layout, transaction);
    const settings = Object.fromEntries(Object.entries(coming).filter(([name]) => step.settings?.[name] !== undefined));
    writeGeneration(layout, generation, await linksOf(layout, generation), settings);
  },

  async undo(step, world) {
    if (!wasLastLive(step.number, world)) discard(world.layout, world.layout.generation(step.number));
  },
};

/** The record that the step writes; from a stored plan it can be written again. */
export function generationOf(step: Extract<Step, { readonly kind: 'write-generation' }>): Generation {
  return {
    formatVersion: '1',
    number: step.number,
    parent: step.parent,
    ...(step.restores === undefined ? {} : { restores: step.restores }),
    createdAt: step.createdAt,
    bundles: step.bundles,
    config: step.config,
    ...(step.settings === undefined ? {} : { settings: step.settings }),
  };
}

/** The commands and external links that the bundles of `generation` offer. */
export async function linksOf(layout: Layout, generation: Generation): Promise<GenerationLinks> {
  const bin: Record<string, string> = {};
  const links: Record<string, string> = {};
  for (const bundle of generation.bundles) {
    const manifest = await readStoredManifest(layout.bundle(bundle));
    for (const [command, file] of Object.entries(manifest.bin ?? {})) bin[command] = `bundles/${bundle.name}/${file}`;
    const places = Object.keys(manifest.links ?? {}).toSorted();
    for (const [index, place] of places.entries()) {
      links[`${bundle.name}/${index}`] = linkTarget(manifest, manifest.links?.[place] ?? '');
    }
  }
  return { bin, links };
}

/** A configuration file means the merged one, anything else the file in the bundle. */
function linkTarget(manifest: Manifest, file: string): string {
  const isConfig = (manifest.config ?? []).some((config) => config.path === file);
  return isConfig ? `etc/${manifest.name}/${configName(file)}` : `bundles/${manifest.name}/${file}`;
}
