import fs from 'node:fs';
import path from 'node:path';
import { filesInUse, marksOf } from '../../../config/index.ts';
import { changedNames, namesOf } from '../../../model/index.ts';
import type { Layout } from '../../../store/index.ts';
import { bootClock, processStart } from '../../../system/index.ts';
import type { LiveService } from '../live.ts';

const MS_PER_TICK = 10;

/**
 * The configuration files that a running service has not read as they are now. Who started it again by itself, a manager
 * or a boot, let it read what was there then: of such an instance only what was changed since its begin is not loaded.
 */
export function notLoaded({ record, condition, revision }: LiveService, layout: Layout): readonly string[] {
  const loaded = record?.launch.loaded;
  if (record === null || loaded === undefined || revision === null || condition.state !== 'running') return [];
  const folder = layout.configRevision(record.bundle, revision);
  const differing = namesOf(changedNames(loaded.files, marksOf(filesInUse(folder))));
  const began = condition.pid === null || condition.pid === record.pid ? null : beginOf(condition.pid);
  return began === null ? differing : differing.filter((file) => changedAt(path.join(folder, file)) > began);
}

/** Milliseconds since 1970. */
function beginOf(pid: number): number | null {
  const ticks = processStart(pid);
  return ticks === null ? null : Date.now() - bootClock() + ticks * MS_PER_TICK;
}

/** A deleted file has changed the time of its folder. */
function changedAt(file: string): number {
  try {
    return fs.lstatSync(fs.existsSync(file) ? file : path.dirname(file)).ctimeMs;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
