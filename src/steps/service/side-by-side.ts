import { PkgError } from '../../error.ts';
import { type Launch, type RunRecord, type ServiceAt, serviceTitle } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';

/** Where the records of two instances lie: `before` and `after` are the same file, unless the bundle was renamed. */
export function recordFiles(
  { old, service }: { readonly old: ServiceAt; readonly service: ServiceAt },
  layout: Layout,
) {
  return {
    before: layout.runRecord(old.name),
    after: layout.runRecord(service.name),
    coming: layout.besideRecord(service.name, 'new'),
    going: layout.besideRecord(old.name, 'old'),
  };
}

/** The same record, to be written elsewhere. */
export function movedTo(runFile: string, record: RunRecord): RunRecord {
  return { ...record, launch: { ...record.launch, runFile } };
}

/** A unit of systemd or runit is one process; two of them side by side have to be ours. */
export function refuseSingle({ name, service: { manager = 'process' } }: Launch): void {
  if (manager === 'process') return;
  throw new PkgError('service-failed', `cannot replace ${serviceTitle(name)}: '${manager}' keeps one instance of it`, {
    hint: 'restart it instead, or let the manager `process` keep it',
  });
}
