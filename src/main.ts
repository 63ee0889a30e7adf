// The program: words and streams in, an exit code out. The only file that reads argv and the environment.
import fs from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from './cli/index.ts';

const interrupt: { requested: 'SIGINT' | 'SIGTERM' | null } = { requested: null };
const waiting = new AbortController();
let hooks = new AbortController();

// The first signal lets the running step finish and undoes; each further one ends the hook that runs then.
function onSignal(signal: 'SIGINT' | 'SIGTERM'): void {
  if (interrupt.requested !== null) {
    hooks.abort();
    hooks = new AbortController();
  }
  interrupt.requested ??= signal;
  waiting.abort();
}

process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);
// A dropped connection must not stop a change half-way: the journal, not the terminal, says how it ended.
process.on('SIGHUP', () => {});
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

/** `2.1.0`, from the package this program was built from. */
function programVersion(): string {
  const text = fs.readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function user() {
  const isRoot = process.getuid?.() === 0;
  const home = process.env['HOME'] || (isRoot ? '/root' : '/');
  return { name: process.env['SUDO_USER'] ?? userName(), home, isRoot };
}

/** A user id without an entry in the user database has no name. */
function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

// No await at the top level: the launcher loads this file with require.
void runCommandLine(process.argv.slice(2), {
  streams: {
    // Opening stdin takes longer than most commands that never read it.
    get input() {
      return process.stdin;
    },
    output: process.stdout,
    talk: process.stderr,
  },
  env: process.env,
  programVersion: programVersion(),
  user: user(),
  node: process.execPath,
  program: fileURLToPath(import.meta.url),
  interrupt,
  stopWaiting: waiting.signal,
  interruptHooks: () => hooks.signal,
}).then((exit) => {
  process.exitCode = exit;
});
