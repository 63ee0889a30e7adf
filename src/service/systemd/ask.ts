import { PkgError } from '../../error.ts';

export type Patience = { readonly timeoutMs?: number; readonly abort?: AbortSignal };

export type Said = {
  readonly ok: boolean;
  readonly text: string;
  /** Why it was ended before it had answered. */
  readonly cut: 'timeout' | 'aborted' | null;
};

/** Asks systemd and waits for its answer, which may be a no. */
export async function systemctl(words: readonly string[], { timeoutMs = 30_000, abort }: Patience = {}): Promise<Said> {
  const { execa } = await import('execa');
  const run = await execa('systemctl', ['--no-ask-password', '--no-pager', ...words], {
    reject: false,
    stdin: 'ignore',
    all: true,
    env: { LC_ALL: 'C.UTF-8' },
    timeout: timeoutMs,
    ...(abort === undefined ? {} : { cancelSignal: abort }),
  });
  const cut = run.timedOut ? 'timeout' : run.isCanceled ? 'aborted' : null;
  return { ok: run.exitCode === 0, text: run.all || (run.shortMessage ?? ''), cut };
}

/** The same where a no is a failure. */
export async function tellSystemd(words: readonly string[], patience?: Patience): Promise<void> {
  const said = await systemctl(words, patience);
  if (said.ok) return;
  const reason = said.cut === null ? said.text : 'it did not answer in time';
  throw new PkgError('service-failed', `systemctl ${words.join(' ')} failed: ${reason}`);
}

/** What systemd knows of one unit. */
export type UnitState = {
  /** `not-found` where there is no such unit. */
  readonly load: string;
  readonly active: string;
  readonly sub: string;
  /** Why it is not active: `success`, `exit-code`, `timeout`, … */
  readonly result: string;
  readonly exitStatus: number;
  readonly mainPid: number | null;
  readonly restarts: number;
  /** Whether something is to be done to it that has not begun. */
  readonly isQueued: boolean;
  /** `enabled`, `disabled`, `static`, … */
  readonly file: string;
};

/** Reads the state of one unit. */
export async function unitState(name: string): Promise<UnitState> {
  const said = await systemctl(['show', `--property=${PROPERTIES.join(',')}`, '--', name]);
  if (!said.ok) throw new PkgError('service-failed', `cannot ask systemd about ${name}: ${said.text}`);
  const values = new Map(said.text.split('\n').map((line) => splitOnce(line)));
  const word = (property: (typeof PROPERTIES)[number]): string => values.get(property) ?? '';
  return {
    load: word('LoadState'),
    active: word('ActiveState'),
    sub: word('SubState'),
    result: word('Result'),
    exitStatus: Number(word('ExecMainStatus')),
    mainPid: Number(word('MainPID')) || null,
    restarts: Number(word('NRestarts')),
    isQueued: Number(word('Job')) > 0,
    file: word('UnitFileState'),
  };
}

const PROPERTIES = [
  'LoadState',
  'ActiveState',
  'SubState',
  'Result',
  'ExecMainStatus',
  'MainPID',
  'NRestarts',
  'Job',
  'UnitFileState',
] as const;

function splitOnce(line: string): readonly [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}
