import fs from 'node:fs';
import path from 'node:path';
import { filesInUse, keepCopy, marksOf } from '../../config/index.ts';
import type { Launch, LoadedConfig } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';

/** The launch with the configuration that the service will read now: said before it reads, never after. */
export async function withConfig(launch: Launch, layout: Layout): Promise<Launch> {
  const { loaded: _before, ...rest } = launch;
  const loaded = await configNow(launch.env['PKG_CONFIG_DIR'] ?? '', launch.name.bundle, layout);
  return loaded === null ? rest : { ...rest, loaded };
}

/** The configuration of `bundle` behind a folder of it as it lies there now, with a copy kept; null where there is none. */
export async function configNow(folder: string, bundle: string, layout: Layout): Promise<LoadedConfig | null> {
  if (!fs.existsSync(folder)) return null;
  const revision = path.basename(fs.realpathSync(folder));
  const entries = filesInUse(layout.configRevision(bundle, revision));
  const copy = await keepCopy({
    entries,
    beside: layout.configOf(bundle),
    made: path.basename(layout.configCreated(bundle, revision)),
    temp: path.join(layout.tmp, `loaded-${bundle}`),
  });
  return { revision, copy, files: marksOf(entries) };
}
