import path from 'node:path';
import { type BundleId, keptArchiveFile, type ServiceName, storeFolder } from '../model/index.ts';
import type { CheckName } from './check-runs.ts';

/** Every path below one root, by name. docs/architecture.md#the-root shows the same as a picture. */
export type Layout = ReturnType<typeof layoutOf>;

/** The paths of the root `root` (absolute). */
export function layoutOf(root: string) {
  const at = (...parts: readonly string[]): string => path.join(root, ...parts);
  const generation = (number: number): string => at('generations', String(number));
  const transaction = (id: number): string => at('transactions', String(id));
  return {
    root,
    identity: at('root.json'),
    current: at('current'),
    generations: at('generations'),
    store: at('store'),
    config: at('config'),
    archives: at('archives'),
    data: at('data'),
    transactions: at('transactions'),
    policy: at('settings.json'),
    lock: at('lock'),
    tmp: at('tmp'),
    trash: at('trash'),
    run: at('run'),
    log: at('log'),
    checks: at('checks'),
    checksOf: (name: string) => at('checks', name),
    checkRuns: ({ bundle, check, when }: CheckName) => at('checks', bundle, `${check}~${when}.json`),
    dataFormats: at('data-formats.json'),
    generation,
    settings: (number: number) => path.join(generation(number), 'settings.json'),
    settingsSum: (number: number) => path.join(generation(number), 'settings.sum'),
    generationFile: (number: number) => path.join(generation(number), 'generation.json'),
    bundle: (id: Pick<BundleId, 'name' | 'version' | 'digest'>) => at('store', id.name, storeFolder(id)),
    seal: (id: Pick<BundleId, 'name' | 'version' | 'digest'>) => at('store', id.name, `.sealed-${storeFolder(id)}`),
    configOf: (name: string) => at('config', name),
    configRevision: (name: string, revision: string) => at('config', name, revision),
    configShipped: (name: string, revision: string) => at('config', name, `.shipped-${revision}`),
    configCreated: (name: string, revision: string) => at('config', name, `.created-${revision}`),
    /** What these two copies must hold. */
    configSums: (name: string, revision: string) => at('config', name, `.sums-${revision}`),
    /** `copy` = how files lay there when a service read them; beside the revisions, so that a purge takes it along. */
    configCopy: (name: string, copy: string) => at('config', name, copy),
    archive: (id: BundleId) => at('archives', keptArchiveFile(id)),
    dataOf: (name: string) => at('data', name),
    runRecord: ({ bundle, service }: ServiceName) => at('run', `${bundle}.${service}.json`),
    // While two instances run side by side: the one that comes, and the one that goes. No name has a `~`.
    besideRecord: ({ bundle, service }: ServiceName, which: 'new' | 'old' | 'maintenance') =>
      at('run', `${bundle}.${service}~${which}.json`),
    /** That a service is out of its proxy, and who sees another instance of it. */
    drainMark: ({ bundle, service }: ServiceName) => at('run', `${bundle}.${service}~drained.json`),
    previewMark: ({ bundle, service }: ServiceName) => at('run', `${bundle}.${service}~preview.json`),
    serviceLog: ({ bundle, service }: ServiceName) => at('log', `${bundle}.${service}.log`),
    notifyLog: (name: string) => at('notify', `${name}.log`),
    maintenances: at('maintenance'),
    /** Of a bundle, or of one service as `bundle~service`. Proxies run as other users, so it is not below run/. */
    maintenance: (scope: string) => at('maintenance', scope),
    transaction,
    journal: (id: number) => path.join(transaction(id), 'journal.jsonl'),
    stepLog: (id: number, step: string) => path.join(transaction(id), 'log', `${step}.log`),
    /** Its services may have to be started, which its undo is too early for. */
    bringUp: (id: number) => path.join(transaction(id), 'bring-up'),
    scratches: (id: number) => path.join(transaction(id), 'scratch'),
    scratch: (id: number, name: string) => path.join(transaction(id), 'scratch', name),
    // No bundle is called like this: a name never begins with a dot.
    serviceMemories: (id: number) => path.join(transaction(id), 'scratch', '.services'),
    /** Settings and merged texts of a change in the making: what may be secret is not in its plan. */
    comingSettings: (id: number) => path.join(transaction(id), 'scratch', '.settings.json'),
    mergedConfig: (id: number, name: string) => path.join(transaction(id), 'scratch', '.merged', name),
    staged: (id: Pick<BundleId, 'name' | 'version' | 'digest'>) => at('tmp', `staged-${id.name}-${storeFolder(id)}`),
    stagedArchive: (id: BundleId) => at('tmp', `staged-${keptArchiveFile(id)}`),
  };
}
