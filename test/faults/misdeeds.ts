/** What a hook does wrong: shell lines of preinstall, how long it may take, and what is said when that ends the change. */
export type Misdeed = {
  readonly lines: string;
  readonly timeout?: string;
  readonly says?: string;
  /** What is said of the process that it leaves, and that goes on. */
  readonly leaves?: string;
};

/** These end the change; all is as before. */
export const FATAL: Readonly<Record<string, Misdeed>> = {
  fails: { lines: 'exit 3', says: 'exit status 3' },
  hangs: { lines: 'sleep 600', timeout: '1s', says: '1s' },
  'hangs with a child': { lines: 'sleep 600 & wait', timeout: '1s', says: '1s' },
  'is ended by a signal of its own': { lines: 'kill -SEGV $$', says: 'SIGSEGV' },
  'kills its whole group': { lines: 'kill -KILL 0', says: 'SIGKILL' },
  'has no open files left': { lines: 'ulimit -n 3; exec 9</dev/null', says: 'exit status' },
  'has no room for a file': {
    lines: 'ulimit -f 0; head -c 100000 /dev/zero > "$PKG_ROOT/../outside/big"; rm "$PKG_ROOT/../outside/big"; exit 1',
    says: 'exit status',
  },
  'has no memory left': { lines: 'ulimit -v 1000; exec /bin/ls', says: 'exit status' },
  'hangs and does not listen to SIGTERM': { lines: 'trap "" TERM; sleep 600 & wait; wait', timeout: '1s', says: '1s' },
  'ends in the middle of a word': { lines: 'printf "half a li"; exit 9', says: 'half a li' },
};

/** These are their own business: the change comes through, and nothing of the hook is left but what it made outside. */
export const HARMLESS: Readonly<Record<string, Misdeed>> = {
  'leaves a child behind': { lines: 'sleep 600 &' },
  'leaves a child behind that ignores SIGTERM': { lines: '(trap "" TERM HUP INT; while :; do sleep 1; done) &' },
  'leaves a child in a session of its own': {
    lines: 'setsid sleep 600 & sleep 0.2',
    leaves: 'left processes running outside its group',
  },
  'leaves a daemon that ignores SIGTERM and holds its output': {
    lines: `setsid sh -c 'trap "" TERM HUP; while :; do sleep 1; done' & sleep 0.2`,
    leaves: 'left processes running outside its group',
  },
  'closes its output': { lines: 'exec >&- 2>&- <&-' },
  'reads its input': { lines: 'cat > /dev/null; [ -z "$(cat)" ]' },
  'goes to another folder': { lines: 'cd /; cd /proc/self' },
  'deletes its folder': { lines: 'rmdir "$PWD" || rm -rf "$PWD"' },
  'sets a umask': { lines: 'umask 777' },
  'is niced': { lines: 'renice -n 19 $$ > /dev/null 2>&1 || true' },
  'ignores every signal': { lines: 'trap "" HUP INT TERM USR1 USR2 PIPE' },
  'sends signals to its parent that mean nothing': { lines: 'kill -WINCH $PPID; kill -CONT $PPID' },
  'prints control characters': { lines: String.raw`printf '\033[2J\033]0;x\007\000\377\n'` },
  'prints a line without an end': { lines: `head -c 3000000 /dev/zero | tr '\\0' x` },
  'stops and goes on': { lines: '(sleep 0.1; kill -CONT $$) & kill -STOP $$; wait' },
  'changes its own title and environment': { lines: 'export PKG_ROOT=/ PKG_TRANSACTION=0 PATH=/nowhere HOME=/' },
  'looks into every descriptor': { lines: 'for fd in 3 4 5 6 7 8 9; do [ ! -e /dev/fd/$fd ] || exit 1; done' },
};
