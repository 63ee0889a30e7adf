import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../../error.ts';
import { type ServiceName, serviceTitle } from '../../model/index.ts';
import { logFile } from '../../service/index.ts';
import { launchOf } from '../../steps/index.ts';
import { type Layout, layoutOf, openRoot } from '../../store/index.ts';
import { secretsOf } from '../config/secrets-of.ts';
import { readCurrent } from '../facts/read-current.ts';
import { historyOf } from '../look/history.ts';
import type { Session } from '../session.ts';
import { findService, type LiveService, liveServices } from './live.ts';
import { oneServiceNamed } from './words.ts';

/** The file that a service writes to, and what nobody may read in it. */
export type ServiceLog = { readonly file: string; readonly secrets: readonly string[] };

/** The log that a service declares, else what it prints. */
export async function serviceLog(word: string, session: Session): Promise<ServiceLog> {
  const { root, home, node } = session;
  const layout = layoutOf(root);
  const services = openRoot(root) === null ? [] : await liveServices(layout, readCurrent(layout));
  const left = leftLog(word, layout, services);
  if (left !== null) return { file: layout.serviceLog(left), secrets: await secretsOf(left.bundle, layout) };
  const service = oneServiceNamed(word, services, { root, code: 'unknown-name' });
  const launch = service.record?.launch ?? (await launchOf(layout, service.at, { home, node }));
  // A program that ends at once has said why before it opened the log of its own.
  const files = [logFile(launch), launch.log].filter((file) => fs.existsSync(file));
  const [file] = files.filter((one) => fs.statSync(one).size > 0).concat(files);
  if (file === undefined) throw noLog(service);
  // The log goes further back than what runs, and what runs may be of a generation that is no longer kept.
  return { file, secrets: [...(launch.secrets ?? []), ...(await secretsOf(service.name.bundle, layout))] };
}

/** The logs of one transaction, in the order of their names. */
export function transactionLogs(root: string, id: string): readonly { readonly file: string; readonly text: string }[] {
  return historyOf(root, id).logs.map((file) => ({ file: path.basename(file), text: fs.readFileSync(file, 'utf8') }));
}

/** A service that is not installed any more is known by the log it left; only its whole name will do. */
function leftLog(word: string, layout: Layout, services: readonly LiveService[]): ServiceName | null {
  const [, bundle, service] = /^([a-z0-9][a-z0-9._+-]*)\/([A-Za-z0-9][A-Za-z0-9._-]*)$/.exec(word) ?? [];
  if (bundle === undefined || service === undefined || findService({ bundle, service }, services)) return null;
  return fs.existsSync(layout.serviceLog({ bundle, service })) ? { bundle, service } : null;
}

function noLog({ name, record }: LiveService): PkgError {
  const title = serviceTitle(name);
  return new PkgError('unknown-name', `${title} has no log${record === null ? ': it was never started' : ' yet'}`, {
    hint: `pkg service start ${title}`,
  });
}
