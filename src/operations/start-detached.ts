import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { SYSTEM_PATH } from '../hook/index.ts';
import { spawnApart } from '../system/index.ts';
import type { Session } from './session.ts';

/** A command that goes on by itself: its words, what it is for, and the file for its output. */
export type Detached = { readonly words: readonly string[]; readonly title: string; readonly log: string };

/** Starts another pkg that outlives this one, the terminal and the login. */
export async function startDetached({ words, title, log }: Detached, session: Session): Promise<void> {
  const argv = [session.node, session.program, ...words];
  if (isRunBySystemd() && startUnit(title, argv, { session, how: [] })) return;
  await startChild(argv, environmentFor(session), log);
}

/** Starts another pkg when systemd has dealt with these units; false where there is no systemd to wait for them. */
export function startBehind(
  units: readonly string[],
  { words, title }: Omit<Detached, 'log'>,
  session: Session,
): boolean {
  // Waited for, it would hold up the very boot that it waits for.
  const how = ['--no-block', ...units.map((unit) => `--property=After=${asWritten(unit)}`)];
  return isRunBySystemd() && startUnit(title, [session.node, session.program, ...words], { session, how });
}

/** systemd-run takes away the backslashes that systemd puts into names: the unit of `c++` is `c\x2b\x2b`. */
function asWritten(unit: string): string {
  return unit.replaceAll('\\', '\\\\');
}

type Environment = Readonly<Record<string, string>>;

/** Not that of the shell: hooks of another root may have called us, and what they carry marks their children. */
function environmentFor({ home }: Session): Environment {
  return { PATH: SYSTEM_PATH.join(':'), HOME: home, LANG: 'C.UTF-8' };
}

/** sd_booted(3). A user's own systemd would not do: it ends with the last login. */
function isRunBySystemd(): boolean {
  return process.getuid?.() === 0 && fs.existsSync('/run/systemd/system');
}

/**
 * A unit of its own outlives the session or service that pkg was called from. It is not a timer of systemd, which would
 * stop while the machine sleeps. Services that the way back starts must outlive the unit.
 */
function startUnit(
  description: string,
  argv: readonly string[],
  { session, how }: { readonly session: Session; readonly how: readonly string[] },
): boolean {
  const set = Object.entries(environmentFor(session)).map(([name, value]) => `--setenv=${name}=${value}`);
  const unit = ['--quiet', '--collect', `--description=pkg: ${description}`, '--property=KillMode=process', ...set];
  return spawnSync('systemd-run', [...unit, ...how, '--', ...argv], { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

/** In a session of its own no terminal, logout or SIGHUP reaches it. */
async function startChild([file = '', ...args]: readonly string[], env: Environment, log: string): Promise<void> {
  const descriptor = fs.openSync(log, 'a', 0o600);
  try {
    const { leave } = await spawnApart({ file, args, cwd: '/', env, stdio: ['ignore', descriptor, descriptor] });
    leave();
  } finally {
    fs.closeSync(descriptor);
  }
}
