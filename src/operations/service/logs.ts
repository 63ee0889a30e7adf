import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../../error.ts';
import { hideSecrets, type Launch, type ServiceName, serviceTitle } from '../../model/index.ts';
import { logFile } from '../../service/index.ts';
import { launchOf } from '../../steps/index.ts';
import { generationNumbers, type Layout, layoutOf, openRoot } from '../../store/index.ts';
import { secretsOf } from '../config/secrets-of.ts';
import { readCurrent } from '../facts/read-current.ts';
import { historyOf } from '../look/history.ts';
import type { Session } from '../session.ts';
import { findService, type LiveService, liveServices } from './live.ts';
import { oneServiceNamed } from './words.ts';

/** The log file of a service, and the function that hides secrets in its lines. */
export type ServiceLog = { readonly file: string; readonly hide: (line: string) => Promise<string> };

/** The log that a service declares, else what it prints. */
export async function serviceLog(word: string, session: Session): Promise<ServiceLog> {
  const { root, home, node } = session;
  const layout = layoutOf(root);
  const services = openRoot(root) === null ? [] : await liveServices(layout, readCurrent(layout));
  const left = leftLog(word, layout, services);
  if (left !== null) {
    const file = layout.serviceLog(left);
    return { file, hide: hiding(left.bundle, { file, launch: null, layout }) };
  }
  const service = oneServiceNamed(word, services, { root, code: 'unknown-name' });
  const launch = service.record?.launch ?? (await launchOf(layout, service.at, { home, node }));
  // A program that ends at once has printed the reason before it opened its own log.
  const files = [logFile(launch), launch.log].filter((file) => fs.existsSync(file));
  const [file] = files.filter((one) => fs.statSync(one).size > 0).concat(files);
  if (file === undefined) throw noLog(service);
  // The log may be older than what runs, and what runs may be of a generation that is no longer kept.
  return { file, hide: hiding(service.name.bundle, { file, launch, layout }) };
}

type Source = { readonly file: string; readonly launch: Launch | null; readonly layout: Layout };

/** A secret that is set while the log is read comes with a new generation; former secrets stay hidden. */
function hiding(bundle: string, { file, launch, layout }: Source): ServiceLog['hide'] {
  let [generations, secrets] = ['', Promise.resolve<ReadonlySet<string>>(new Set())];
  const learnMore = async (before: typeof secrets) => {
    const { values, lostIn } = await secretsOf(bundle, layout, launch);
    if (lostIn !== null) throw secretsLost(bundle, lostIn, file);
    return (await before).union(new Set(values));
  };
  return async (line) => {
    const now = generationNumbers(layout).join(' ');
    if (now !== generations) secrets = learnMore(secrets);
    generations = now;
    return hideSecrets(line, [...(await secrets)]);
  };
}

function secretsLost(bundle: string, number: number, file: string): PkgError {
  return new PkgError(
    'root-damaged',
    `the settings of ${bundle} in generation ${number} are lost, and with them what of its log is secret`,
    { hint: `pkg verify --all --repair; the log as it is, with its secrets: ${file}` },
  );
}

/** The logs of one transaction, in the order of their names. */
export function transactionLogs(root: string, id: string): readonly { readonly file: string; readonly text: string }[] {
  return historyOf(root, id).logs.map((file) => ({ file: path.basename(file), text: fs.readFileSync(file, 'utf8') }));
}

/** A service that is no longer installed is known by its log, and only by its full name. */
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
