import fs from 'node:fs';
import path from 'node:path';
import { readStoredManifest } from '../../bundle/index.ts';
import type { Generation, ServiceName } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import { namesIn, serviceRecords } from './records.ts';

/** Records and logs of services that no generation declares any more, except of those that still run. */
export type Leftovers = {
  readonly records: readonly string[];
  readonly logs: readonly string[];
  /** Records of services that run although nothing declares them. */
  readonly running: readonly string[];
};

/** What `generations` leave behind in `run/` and `log/`; nothing is read where nothing is there. */
export async function serviceLeftovers(layout: Layout, generations: readonly Generation[]): Promise<Leftovers> {
  const found = await serviceRecords(layout);
  const logs = namesIn(layout.log);
  const marks = marksIn(layout.run);
  if (found.length + logs.length + marks.length === 0) return { records: [], logs: [], running: [] };
  const declared = await declaredServices(layout, generations);
  if (declared === null) return { records: [], logs: [], running: [] };
  const isDeclared = (record: string) => declared.some((name) => isOf(path.basename(record), name));
  const undeclared = found.filter(({ file }) => !isDeclared(file));
  const running = undeclared.filter(({ isRunning }) => isRunning).map(({ record }) => record);
  return {
    records: [
      ...undeclared.filter(({ isRunning }) => !isRunning).map(({ file }) => file),
      ...marks.filter((file) => ![...declared, ...running].some((name) => isOf(path.basename(file), name))),
    ],
    logs: logs
      .filter((log) => ![...declared, ...running].some((name) => isOf(log, name)))
      .map((log) => path.join(layout.log, log)),
    running: undeclared.filter(({ isRunning }) => isRunning).map(({ file }) => file),
  };
}

/** Removes them, each at once for every reader. */
export function dropLeftovers({ records, logs }: Leftovers): void {
  for (const file of [...records, ...logs]) fs.rmSync(file, { force: true });
}

/** That a service is drained or in preview, which a service that comes again some day is not. */
function marksIn(run: string): readonly string[] {
  const isMark = (name: string) => name.endsWith('~drained.json') || name.endsWith('~preview.json');
  return namesIn(run)
    .filter(isMark)
    .map((name) => path.join(run, name));
}

/** null when a manifest cannot be read: it may declare any of them. */
async function declaredServices(
  layout: Layout,
  generations: readonly Generation[],
): Promise<readonly ServiceName[] | null> {
  const bundles = new Map(generations.flatMap((generation) => generation.bundles).map((one) => [one.digest, one]));
  const manifests = await Promise.all(
    [...bundles.values()].map((bundle) => readStoredManifest(layout.bundle(bundle)).catch(() => null)),
  );
  if (manifests.includes(null)) return null;
  return manifests.flatMap((manifest) =>
    Object.keys(manifest?.services ?? {}).map((service) => ({ bundle: manifest?.name ?? '', service })),
  );
}

/** `web.server.json`, `web.server~old.json`, `web.server.log`, and what a rotation makes of it: `web.server.log.1`. */
function isOf(file: string, { bundle, service }: ServiceName): boolean {
  return [`${bundle}.${service}.`, `${bundle}.${service}~`].some((begin) => file.startsWith(begin));
}
