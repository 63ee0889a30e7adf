import { setTimeout as pause } from 'node:timers/promises';
import { type Code, PkgError } from '../../error.ts';
import type { Launch, RunRecord } from '../../model/index.ts';
import { serviceTitle } from '../../model/index.ts';
import { identify, parseDuration } from '../../system/index.ts';
import { managerOf } from '../manager-of.ts';
import { endInstance } from '../process/end-instance.ts';
import { familyOf, leftBehind } from '../process/family.ts';
import { endInWords } from '../process/run-command.ts';
import { exitOf, forgetExit } from '../process/watched-exits.ts';
import { logFile, logTail } from '../service-log.ts';
import type { Answer } from './probe-declared.ts';
import { probeOnce } from './probe-once.ts';
import { strangerWhoAnswers } from './stranger-answers.ts';

export type ReadyOptions = {
  readonly abort: AbortSignal;
  /** Hears each answer that differs from the one before. */
  tell(message: string, answered: boolean): void;
  /** Bytes of the log that were there before; only what comes after them counts. */
  readonly logFrom: number;
  /** Answers of what was there before may come in between; the time for which it must stay healthy then begins anew. */
  readonly mayFlicker?: boolean;
};

/** Returns when the service answers as it declares, and has gone on doing so for `soak`; throws `not-ready` otherwise. */
export async function awaitReady(launch: Launch, record: RunRecord, options: ReadyOptions): Promise<void> {
  // What came before interrupted something else; what comes while a probe waits for its answer must not get lost.
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  options.abort.addEventListener('abort', interrupt);
  try {
    const look = looking(launch, record, options);
    await untilHealthy(launch, { look, interrupted: interrupted.signal }, options.mayFlicker ?? false);
    forgetExit(record);
  } finally {
    options.abort.removeEventListener('abort', interrupt);
  }
}

type Look = { readonly look: () => Promise<Answer>; readonly interrupted: AbortSignal };

async function untilHealthy(launch: Launch, watch: Look, mayFlicker: boolean): Promise<void> {
  const { timeout = '30s', soak = '0s' } = launch.service.ready ?? { soak: SETTLING };
  const deadline = performance.now() + parseDuration(timeout);
  for (;;) {
    await untilAnswered(launch, watch, { timeout, deadline });
    const answer = await stays(launch, watch, parseDuration(soak));
    if (answer === null) return;
    if (mayFlicker && performance.now() < deadline) continue;
    throw fails(launch, `was ready, but not for ${soak}: ${answer.message}`);
  }
}

type Limit = { readonly timeout: string; readonly deadline: number };

async function untilAnswered(launch: Launch, { look, interrupted }: Look, { timeout, deadline }: Limit): Promise<void> {
  let answer = await look();
  for (let wait = 20; !answer.answered; wait = Math.min(wait * 2, 250)) {
    if (performance.now() > deadline) throw fails(launch, `is not ready after ${timeout}: ${answer.message}`);
    await pauseUnless(interrupted, wait, launch);
    answer = await look();
  }
}

/** null, or the answer that was not a good one. */
async function stays(launch: Launch, { look, interrupted }: Look, soakMs: number): Promise<Answer | null> {
  const healthyUntil = performance.now() + soakMs;
  while (performance.now() < healthyUntil) {
    await pauseUnless(interrupted, Math.min(250, soakMs / 4), launch);
    const answer = await look();
    if (!answer.answered) return answer;
  }
  return null;
}

/** Without a probe: long enough for a program that cannot start to say so and end. */
const SETTLING = '300ms';

/** One look at process and probe; throws when there is nothing to wait for any more. */
function looking(launch: Launch, record: RunRecord, { tell, logFrom }: ReadyOptions): () => Promise<Answer> {
  let last = '';
  return async () => {
    await refuseEnded(launch, record, logFrom);
    const answer = await ownAnswer(launch, record, logFrom);
    // A process that dies of the question has not answered it.
    if (answer.answered) await refuseEnded(launch, record, logFrom);
    if (answer.message !== last) tell(answer.message, answer.answered);
    last = answer.message;
    return answer;
  };
}

async function ownAnswer(launch: Launch, record: RunRecord, logFrom: number): Promise<Answer> {
  const answer = await probeOnce(launch, record, logFrom);
  if (!answer.answered) return answer;
  // Whoever keeps it may have started it again since it was recorded, as after a boot.
  const { pid } = await managerOf(record.manager).condition(record);
  const stranger = strangerWhoAnswers(launch, { ...record, ...(pid === null ? {} : identify(pid)) });
  return stranger === null ? answer : { answered: false, message: stranger };
}

async function refuseEnded(launch: Launch, record: RunRecord, logFrom: number): Promise<void> {
  await refuseWrongFork(launch, record);
  const { state, because } = await managerOf(record.manager).condition(record);
  // One that runs itself again cannot be found for a moment, but those that were told its instance are there.
  if (state === 'running' || (state === 'dead' && familyOf(record).living().length > 0)) return;
  const exit = await exitOf(record);
  const how = because ?? (exit === null ? 'ended' : endInWords({ ...exit, cut: null }));
  const lastWords = logTail(launch, logFile(launch) === launch.log ? logFrom : 0);
  throw fails(launch, `${how} before it was ready${lastWords}`);
}

/** Its first process ended well and left another behind: it would be taken for dead, or never be stopped. */
async function refuseWrongFork(launch: Launch, record: RunRecord): Promise<void> {
  if (launch.service.forks === true || (await exitOf(record))?.code !== 0) return;
  const left = leftBehind(record);
  if (left.living().length === 0) return;
  // Here and now: later nothing might tell any more that they are of this service.
  await endInstance(record, left);
  throw fails(launch, 'went into the background, but does not declare `forks`', 'wrong-fork-expectation');
}

async function pauseUnless(interrupted: AbortSignal, ms: number, launch: Launch): Promise<void> {
  try {
    await pause(ms, undefined, { signal: interrupted });
  } catch {
    throw fails(launch, 'was not ready yet when the command was interrupted', 'interrupted');
  }
}

function fails(launch: Launch, what: string, code: Code = 'not-ready'): PkgError {
  const title = serviceTitle(launch.name);
  return new PkgError(code, `${title} ${what}`, { hint: `pkg logs ${title}`, details: { log: launch.log } });
}
