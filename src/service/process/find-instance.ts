import type { RunRecord } from '../../model/index.ts';
import { findProcesses, identify, isAlive, type ProcessIdentity, processStart } from '../../system/index.ts';
import type { Condition } from '../manager.ts';
import { isStarted } from '../run-record.ts';
import { isOurs } from './is-ours.ts';
import { commandOf, holdersOf } from './listeners-on.ts';
import { pidInFile } from './pid-file.ts';

/** What is there of an instance: its main process, a stranger in its pid file, or nothing. */
export type Found =
  | { readonly kind: 'ours'; readonly identity: ProcessIdentity }
  | { readonly kind: 'foreign'; readonly pid: number }
  | { readonly kind: 'gone' };

/** Looks for the main process of the recorded instance, also where it has changed its pid since. */
export function findInstance(record: RunRecord): Found {
  if (!isStarted(record)) return { kind: 'gone' };
  const recorded = recordedIdentity(record);
  if (recorded !== null && isAlive(recorded)) return { kind: 'ours', identity: recorded };
  for (const pid of successors(record)) {
    const identity = identify(pid);
    if (identity !== null && isOurs(pid, record)) return { kind: 'ours', identity };
  }
  const named = pidInFile(record.launch);
  return named === null || processStart(named) === null ? { kind: 'gone' } : { kind: 'foreign', pid: named };
}

/** The record with the pid that its main process has now. */
export function refreshed(record: RunRecord): RunRecord {
  const found = findInstance(record);
  return found.kind === 'ours' ? { ...record, ...found.identity } : record;
}

/** What is found, in the words of a manager that keeps nothing alive. */
export function conditionOf(record: RunRecord): Condition {
  const found = findInstance(record);
  switch (found.kind) {
    case 'ours':
      return { state: 'running', pid: found.identity.pid, supervised: false, ...takenFor(found.identity.pid, record) };
    case 'foreign':
      return {
        state: 'foreign',
        pid: found.pid,
        supervised: false,
        because: `pid ${found.pid} of its pid file belongs to another program (${commandOf(found.pid)})`,
      };
    case 'gone':
      return { state: isStarted(record) ? 'dead' : 'stopped', pid: null, supervised: false };
  }
}

/** One that runs itself again writes its pid, or is the only one; a worker that outlives its master looks the same. */
function takenFor(pid: number, { pid: first, launch }: RunRecord): Pick<Condition, 'because'> {
  if (first === null || pid === first || pidInFile(launch) === pid) return {};
  return { because: `its first process (pid ${first}) has ended, and pid ${pid} is taken for it` };
}

function recordedIdentity({ pid, startTime, bootId }: RunRecord): ProcessIdentity | null {
  return pid === null || startTime === null || bootId === null ? null : { pid, startTime, bootId };
}

/** Who may have taken over: programs put themselves into the background, or run themselves again on a signal. */
function* successors(record: RunRecord): Iterable<number> {
  const { launch, port } = record;
  const mayFork = launch.service.forks === true || record.manager === 'command';
  // Without a pid a crash came between the start and the first look at the process: it is the oldest of those that
  // were told the instance. So it is for daemons that nothing else can name.
  const [oldest] = record.pid === null || mayFork ? toldTheInstance(record) : [];
  if (oldest !== undefined && !mayFork) yield oldest;
  const named = pidInFile(launch);
  if (named !== null) yield named;
  if (port !== null) yield* holdersOf(port);
  if (oldest !== undefined && launch.service.pidFile === undefined) yield oldest;
}

function toldTheInstance({ instance }: RunRecord): readonly number[] {
  if (instance === null) return [];
  const found = findProcesses({ PKG_INSTANCE: instance });
  return found.toSorted((a, b) => a.startTime - b.startTime || a.pid - b.pid).map(({ pid }) => pid);
}
