// One file per kind of step, its do and its undo side by side; this table is how the engine finds them.
// Not a place for decisions: which steps there are, and in what order, the plan says.
// Imports the subject rooms, model, error, system and the types of transaction.
import type { Step } from '../model/index.ts';
import type { Handlers } from '../transaction/index.ts';
import { keepArchive } from './keep-archive.ts';
import { makeData } from './make-data.ts';
import { makeLinks } from './make-links.ts';
import { placeBundle } from './place-bundle.ts';
import { purge } from './purge.ts';
import { removeLinks } from './remove-links.ts';
import { runCheck } from './run-check.ts';
import { runHooks } from './run-hooks.ts';
import { switchCurrent } from './switch-current.ts';
import type { World } from './world.ts';
import { writeConfig } from './write-config.ts';
import { writeGenerationStep } from './write-generation.ts';

export { bundleValues, declaredEnvironment } from './bundle-values.ts';
export { makeLink } from './external-link.ts';
export { type LaunchOptions, launchOf } from './launch-of.ts';
export { generationOf, linksOf } from './write-generation.ts';
export type { World } from './world.ts';

export const HANDLERS: Handlers<Step, World> = {
  'place-bundle': placeBundle,
  'keep-archive': keepArchive,
  'write-config': writeConfig,
  'write-generation': writeGenerationStep,
  'make-data': makeData,
  'run-check': runCheck,
  'run-hook': runHooks,
  'remove-links': removeLinks,
  switch: switchCurrent,
  'make-links': makeLinks,
  purge,
};
