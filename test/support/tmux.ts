import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { PROGRAM, until, type Workbench } from './pkg.ts';

export type Pane = {
  /** What can be seen now. */
  screen(): string;
  /** Waits until `text` can be seen, and answers the screen then. */
  shows(text: string): Promise<string>;
  /** Keys by their names in tmux: `y`, `Enter`, `C-c`; several at once arrive in one piece. */
  press(...keys: readonly string[]): void;
  resize(columns: number, rows: number): void;
  /** The exit number, once it is over. */
  ended(): Promise<number>;
  /** The terminal goes away, as when a connection is cut. */
  cut(): void;
};

/** Runs `pkg` in a pane of a tmux of its own, with 80 columns and 24 rows. */
export function inTmux(t: Workbench, words: readonly string[], env: Readonly<Record<string, string>> = {}): Pane {
  // Short, as the path of a socket has to be.
  const socket = path.join(fs.mkdtempSync('/tmp/pkg-tmux-'), 's');
  const settings = path.join(t.home, 'tmux.conf');
  fs.writeFileSync(settings, 'set -g remain-on-exit on\nset -g status off\nset -sg escape-time 0\n');
  const tmux = (...given: readonly string[]): string =>
    execFileSync('tmux', ['-S', socket, '-f', settings, ...given], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH, HOME: t.home, LANG: 'C.UTF-8', TERM: 'xterm-256color', CI: 'true' },
    });
  const around = Object.entries({ PKG_ROOT: t.root, HOME: t.home, ...env }).flatMap(([name, value]) => [
    '-e',
    `${name}=${value}`,
  ]);
  const command = [process.execPath, PROGRAM, ...words].map((word) => `'${word}'`).join(' ');
  // tmux itself does not always come to know it.
  const exit = path.join(t.home, `exit-${path.basename(path.dirname(socket))}`);
  tmux('new-session', '-d', '-x', '80', '-y', '24', '-c', t.home, ...around, `${command}; echo $? >'${exit}'`);
  onTestFinished(() => {
    stop();
    fs.rmSync(path.dirname(socket), { recursive: true });
  });
  const screen = (): string => tmux('capture-pane', '-p');

  function stop(): void {
    try {
      tmux('kill-server');
    } catch {
      // It was cut already.
    }
  }

  return {
    screen,
    async shows(text) {
      let seen = screen();
      await until(`'${text}' on the screen`, () => {
        seen = screen();
        return seen.includes(text);
      }).catch((error: Error) => {
        throw new Error(`${error.message}:\n${seen}`);
      });
      return seen;
    },
    press: (...keys) => void tmux('send-keys', ...keys),
    resize: (columns, rows) => void tmux('resize-window', '-x', String(columns), '-y', String(rows)),
    async ended() {
      const status = (): string => (fs.existsSync(exit) ? fs.readFileSync(exit, 'utf8').trim() : '');
      await until('the program has ended', () => status() !== '').catch((error: Error) => {
        throw new Error(`${error.message}:\n${screen()}`);
      });
      return Number(status());
    },
    cut: stop,
  };
}
