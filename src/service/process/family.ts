import type { RunRecord } from '../../model/index.ts';
import {
  findProcesses,
  identify,
  isAlive,
  listProcesses,
  type ProcessIdentity,
  processStart,
  readProcess,
} from '../../system/index.ts';
import { findInstance } from './find-instance.ts';
import { isOurs } from './is-ours.ts';
import { holdersOf } from './listeners-on.ts';

/** An instance with all that it started: known by its session, or by what it was told. */
export type Family = {
  /** The main process, also after it has run itself again under another pid. */
  main(): ProcessIdentity | null;
  /** Everybody who lives, the main process included. */
  living(): readonly ProcessIdentity[];
};

/** The family of the recorded instance. Ask again and again: it changes while it ends. */
export function familyOf(record: RunRecord, others: () => readonly ProcessIdentity[] = () => []): Family {
  const known = new Map<number, ProcessIdentity>();
  const main = () => {
    const found = findInstance(record);
    return found.kind === 'ours' ? found.identity : null;
  };
  return {
    main,
    living() {
      // The session is looked at while its leader lives: later its number may be somebody else's.
      for (const one of [...withSession(main()), ...toldTheInstance(record), ...others()]) known.set(one.pid, one);
      return [...known.values()].filter(isAlive);
    },
  };
}

/** What an instance left behind when its first process ended: at its port also those that wrote over what they were told. */
export function leftBehind(record: RunRecord): Family {
  const { port } = record.launch;
  const holders = () => (port === null ? [] : holdersOf(port).filter((pid) => isOurs(pid, record)));
  return familyOf(record, () => holders().flatMap((pid) => identify(pid) ?? []));
}

function withSession(main: ProcessIdentity | null): readonly ProcessIdentity[] {
  const session = main === null ? null : ownSession(main.pid);
  if (main === null || session === null) return main === null ? [] : [main];
  const members = listProcesses().filter((facts) => facts.session === session && facts.pid !== process.pid);
  return [main, ...members.flatMap(({ pid }) => identify(pid) ?? [])];
}

/** A session whose leader lives and is another process, such as a login, is not the service's own. */
function ownSession(pid: number): number | null {
  const session = readProcess(pid)?.session ?? 0;
  return session === pid || (session > 0 && processStart(session) === null) ? session : null;
}

function toldTheInstance({ instance }: RunRecord): readonly ProcessIdentity[] {
  if (instance === null) return [];
  return findProcesses({ PKG_INSTANCE: instance }).flatMap(({ pid }) => identify(pid) ?? []);
}
