// One file per kind of step, its do and its undo side by side; this table is how the engine finds them.
// Not a place for decisions: which steps there are, and in what order, the plan says.
// Imports the subject rooms, model, error, system and the types of transaction.
import type { Step } from '../model/index.ts';
import type { Handlers } from '../transaction/index.ts';
import { controlService } from './control-service.ts';
import { forgetGeneration } from './forget-generation.ts';
import { giveBackUnits } from './give-back-units.ts';
import { guardService } from './guard-service.ts';
import { keepArchive } from './keep-archive.ts';
import { maintenance } from './maintenance.ts';
import { makeData } from './make-data.ts';
import { makeLinks } from './make-links.ts';
import { noteDataFormatStep } from './note-data-format.ts';
import { placeBundle } from './place-bundle.ts';
import { proveService } from './prove-service.ts';
import { purge } from './purge.ts';
import { reloadService } from './reload-service.ts';
import { removeLinks } from './remove-links.ts';
import { removeUnits } from './remove-units.ts';
import { replaceService } from './replace-service.ts';
import { restartService } from './restart-service.ts';
import { retireService } from './retire-service.ts';
import { runCheck } from './run-check.ts';
import { runHooks } from './run-hooks.ts';
import { runProgram } from './run-program.ts';
import { startService } from './start-service.ts';
import { stopService } from './stop-service.ts';
import { supersedeUnits } from './supersede-units.ts';
import { switchCurrent } from './switch-current.ts';
import type { World } from './world.ts';
import { writeConfig } from './write-config.ts';
import { writeGenerationStep } from './write-generation.ts';
import { writeUnits } from './write-units.ts';

export { bundleValues, declaredEnvironment } from './bundle-values.ts';
export { makeLink } from './external-link.ts';
export { type LaunchOptions, launchOf, unitName } from './launch-of.ts';
export { stopRecorded } from './service-instance.ts';
export { type ConfigStep, configSides, editedUntilNow } from './settle-config.ts';
export { type ConfigSource, shippedConfig } from './shipped-config.ts';
export { startReady, untilReady } from './start-ready.ts';
export { generationOf, linksOf } from './write-generation.ts';
export type { World } from './world.ts';
export { outcomeWords } from './write-config.ts';

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
  'guard-service': guardService,
  'stop-service': stopService,
  'start-service': startService,
  'restart-service': restartService,
  'reload-service': reloadService,
  'replace-service': replaceService,
  'retire-service': retireService,
  'control-service': controlService,
  'run-program': runProgram,
  'prove-service': proveService,
  'write-units': writeUnits,
  'remove-units': removeUnits,
  'supersede-units': supersedeUnits,
  'give-back-units': giveBackUnits,
  maintenance,
  'note-data-format': noteDataFormatStep,
  'forget-generation': forgetGeneration,
  purge,
};
