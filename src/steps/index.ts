// One file per kind of step, its do and its undo side by side; this table is how the engine finds them.
// Not a place for decisions: which steps there are, and in what order, the plan says.
// Imports the subject rooms, model, error, system and the types of transaction.
import type { Step } from '../model/index.ts';
import type { Handlers } from '../transaction/index.ts';
import { runCheck } from './checks/run-check.ts';
import { writeConfig } from './config/write-config.ts';
import { backupData } from './data/backup-data.ts';
import { forgetBackup } from './data/forget-backup.ts';
import { moveData } from './data/move-data.ts';
import { forgetGeneration } from './forget-generation.ts';
import { keepArchive } from './keep-archive.ts';
import { maintenance } from './maintenance.ts';
import { makeData } from './make-data.ts';
import { makeLinks } from './make-links.ts';
import { noteDataFormatStep } from './note-data-format.ts';
import { placeBundle } from './place-bundle.ts';
import { purge } from './purge.ts';
import { removeLinks } from './remove-links.ts';
import { runHooks } from './run-hooks.ts';
import { runProgram } from './run-program.ts';
import { controlService } from './service/control-service.ts';
import { guardService } from './service/guard-service.ts';
import { moveTraffic } from './service/move-traffic.ts';
import { previewService } from './service/preview-service.ts';
import { proveService } from './service/prove-service.ts';
import { reloadService } from './service/reload-service.ts';
import { replaceService } from './service/replace-service.ts';
import { restartService } from './service/restart-service.ts';
import { retireService } from './service/retire-service.ts';
import { standIn } from './service/stand-in.ts';
import { startService } from './service/start-service.ts';
import { stopService } from './service/stop-service.ts';
import { switchCurrent } from './switch-current.ts';
import { giveBackUnits } from './units/give-back-units.ts';
import { removeUnits } from './units/remove-units.ts';
import { supersedeUnits } from './units/supersede-units.ts';
import { writeUnits } from './units/write-units.ts';
import type { World } from './world.ts';
import { writeGenerationStep } from './write-generation.ts';

export { bundleValues, declaredEnvironment } from './bundle-values.ts';
export { type ConfigStep, configSides, editedUntilNow } from './config/settle-config.ts';
export { type ConfigSource, shippedConfig } from './config/shipped-config.ts';
export { outcomeWords } from './config/write-config.ts';
export { makeLink } from './external-link.ts';
export { untilArrived } from './service/arrival.ts';
export { asVariables, type ConfigNews, configNews, NO_NEWS } from './service/config-news.ts';
export { askService, type ControlStep } from './service/control-service.ts';
export { connectionsLeft, inWords as connectionsInWords } from './service/drain-connections.ts';
export { type LaunchOptions, launchOf, unitName } from './service/launch-of.ts';
export { leadAgain } from './service/lead-traffic.ts';
export { withConfig } from './service/loaded-config.ts';
export { isRunning, stopRecorded } from './service/service-instance.ts';
export { endStandIn, startStandIn } from './service/stand-in.ts';
export { startReady, untilReady } from './service/start-ready.ts';
export { unitsOf } from './units/units-of.ts';
export type { World } from './world.ts';
export { generationOf, linksOf } from './write-generation.ts';

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
  'preview-service': previewService,
  'move-traffic': moveTraffic,
  'retire-service': retireService,
  'control-service': controlService,
  'run-program': runProgram,
  'prove-service': proveService,
  'write-units': writeUnits,
  'remove-units': removeUnits,
  'supersede-units': supersedeUnits,
  'give-back-units': giveBackUnits,
  'stand-in': standIn,
  maintenance,
  'note-data-format': noteDataFormatStep,
  'backup-data': backupData,
  'forget-backup': forgetBackup,
  'move-data': moveData,
  'forget-generation': forgetGeneration,
  purge,
};
