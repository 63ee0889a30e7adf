import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readStoredManifest } from '../../bundle/index.ts';
import { PkgError } from '../../error.ts';
import {
  bundleTitle,
  hookPath,
  type RunRecord,
  type ServiceAt,
  type Step,
  serviceTitle,
  undoNames,
} from '../../model/index.ts';
import { askControl, readRecord, writeRecord } from '../../service/index.ts';
import { parseDuration } from '../../system/index.ts';
import { bundleValues, expand } from '../bundle-values.ts';
import { isGivenUp } from '../is-given-up.ts';
import { freeLog } from '../run-script.ts';
import { type ScriptPlace, scriptPlace } from '../script-environment.ts';
import type { StepHandler } from '../step-handler.ts';
import type { World } from '../world.ts';
import { asRequest, type ConfigNews, configNews, configNewsBack } from './config-news.ts';
import { configNow } from './loaded-config.ts';
import { isRunning, runningRecord } from './service-instance.ts';
import { markTold, recallService } from './service-memory.ts';

const ENDS_WITHIN_MS = 3_000;

export type ControlStep = Step & { readonly kind: 'control-service' };

/** One verb to the live service through its control program; undo says the opposite verb, the other way round. */
export const controlService: StepHandler<'control-service'> = {
  repeatable: false,

  async do(step, world) {
    const record = await runningRecord(step.service, world, step.verb);
    const news = await configNews(recallService(step, world)?.record ?? record, step.service, world.layout);
    if (step.verb !== 'config') return askService(step, record, { world, news });
    const loaded = await configNow(configOf(step, world), step.service.name.bundle, world.layout);
    markTold(step, step, world);
    await askService(step, record, { world, news });
    if (loaded !== null) writeRecord(record.launch.runFile, { ...record, launch: { ...record.launch, loaded } });
  },

  async undo(step, world) {
    if (step.undoVerb !== null && !undoNames(step).some((name) => isGivenUp(name, world))) await tellBack(step, world);
  },
};

/**
 * Takes back what a service was told, where it is a member as `at` says. One that ended meanwhile has forgotten it: the
 * guard starts it afresh.
 */
export async function tellBack(step: ControlStep, world: World, at: ServiceAt = step.service): Promise<void> {
  const record = readRecord(world.layout.runRecord(step.service.name));
  if (record === null || !(await isRunning(record))) return;
  const news = await configNewsBack(recallService(step, world)?.record ?? record, step.service, world.layout);
  const back = { ...step, ...reversed(step), service: at, verb: step.undoVerb ?? step.verb };
  await askService(back, record, { world, news }).catch(async (error: unknown) => {
    if (!(await endsSoon(record))) throw error;
  });
}

// What broke it may still be bringing it down while it is asked; that it gave no answer means nothing then.
async function endsSoon(record: RunRecord): Promise<boolean> {
  const giveUpAfter = performance.now() + ENDS_WITHIN_MS;
  while (await isRunning(record)) {
    if (performance.now() > giveUpAfter) return false;
    await pause(50);
  }
  return true;
}

function reversed({ direction, fromVersion, toVersion }: ControlStep) {
  return {
    direction: direction === 'up' ? 'down' : 'up',
    fromVersion: toVersion,
    toVersion: fromVersion,
  } as const;
}

/** Where it asks from, and what is new to the service. */
export type Asking = { readonly world: World; readonly news: ConfigNews };

/** Says the verb of a step to a service that runs; anything but a clear yes is an error. */
export async function askService(step: ControlStep, record: RunRecord, { world, news }: Asking): Promise<void> {
  const { program, other, verb, direction, fromVersion, toVersion, extra, service } = step;
  const { generation } = service;
  const purpose = { bundle: program, generation, seenIn: generation, otherVersion: fromVersion, forced: [] };
  const place = await scriptPlace({ ...purpose, action: `${verb} ${direction}` }, world);
  const { version, pid, port } = record;
  await askControl({
    program: await controlOf(step, place, world),
    verb,
    request: {
      verb,
      direction,
      from: fromVersion,
      to: toVersion,
      extra,
      service: serviceTitle(service.name),
      version,
      pid,
      port,
      root: world.layout.root,
      bundleDir: world.layout.bundle(program.version === toVersion ? program : other),
      configDir: place.values['etc'],
      dataDir: place.values['data'],
      ...asRequest(news),
    },
    timeoutMs: parseDuration(step.timeout),
    env: { ...record.launch.env, ...place.env },
    cwd: place.scratch,
    log: freeLog(world, `${service.name.bundle}-${service.name.service}-${verb}-${direction}`),
    abort: world.interruptHooks(),
    secrets: place.secrets,
  });
}

/** The configuration of the service, whoever it is that tells it. */
function configOf({ service }: ControlStep, { layout }: World): string {
  return path.join(layout.generation(service.generation), 'etc', service.name.bundle);
}

// The way of one bundle may tell the service of another something: by the program of the service, then.
async function controlOf({ service, program }: ControlStep, told: ScriptPlace, world: World): Promise<string> {
  const isOwn = service.bundle.name === program.name;
  const { manifest, folder, values } = isOwn ? told : await placeOfService(service, world);
  const control = manifest.services?.[service.name.service]?.control;
  if (control !== undefined) return path.resolve(folder, hookPath(expand(control, values, manifest)));
  throw new PkgError(
    'control-failed',
    `${bundleTitle(isOwn ? program : service.bundle)} declares no control program for '${service.name.service}'`,
  );
}

async function placeOfService({ bundle, generation }: ServiceAt, { layout }: World) {
  const folder = layout.bundle(bundle);
  const manifest = await readStoredManifest(folder);
  return { manifest, folder, values: bundleValues(layout, manifest, folder, generation) };
}
