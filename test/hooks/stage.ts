import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type RequestListener } from 'node:http';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';

export { freePort } from '../support/free-port.ts';

const HOOKS = join(import.meta.dirname, '../../hooks');

export type Outcome = { readonly code: number; readonly says: string };

/** What a hook finds around it during one transaction: a bundle, its data, its scratch folder, its variables. */
export class Stage implements AsyncDisposable {
  readonly top = mkdtempSync(join(tmpdir(), 'pkg-hook-'));
  readonly bundle = this.#folder('root/store/demo/1.0.0');
  readonly data = this.#folder('root/data/demo');
  readonly scratch = this.#folder('root/transactions/1/scratch/demo');
  readonly #started: ChildProcess[] = [];

  /** Runs a ready-made hook as pkg would, and tells how it ended and everything it said. */
  async run(hook: string, action: string, env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const done = await execa(resolve(HOOKS, hook), action.split(' '), {
      cwd: this.scratch,
      env: { ...this.#variables(), ...env },
      extendEnv: false,
      stdin: 'ignore',
      all: true,
      reject: false,
      timeout: 30_000,
    });
    return { code: done.exitCode ?? -1, says: done.all };
  }

  /** Writes a file below the stage, with its folders. */
  file(path: string, text: string, mode = 0o644): string {
    const whole = join(this.top, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, text, { mode });
    return whole;
  }

  inBundle(path: string, text: string, mode = 0o644): string {
    return this.file(join('root/store/demo/1.0.0', path), text, mode);
  }

  /** Starts a real daemon in the foreground; it ends with the stage. */
  start(program: string, ...words: readonly string[]): ChildProcess {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'ignore'], env: this.#variables() });
    this.#started.push(child);
    return child;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#started.filter((each) => each.exitCode === null && each.signalCode === null)) {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(this.top, { recursive: true, force: true });
  }

  #folder(path: string): string {
    const whole = join(this.top, path);
    mkdirSync(whole, { recursive: true });
    return whole;
  }

  #variables(): Record<string, string> {
    return {
      PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
      HOME: this.top,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      PKG_NAME: 'demo',
      PKG_VERSION: '1.0.0',
      PKG_ROOT: join(this.top, 'root'),
      PKG_BUNDLE_DIR: this.bundle,
      PKG_DATA_DIR: this.data,
      PKG_SCRATCH: this.scratch,
      PKG_NODE: process.execPath,
    };
  }
}

/** Answers on a port of the kernel's choice until disposed. */
export async function serve(answer: RequestListener): Promise<AsyncDisposable & { port: number; url: string }> {
  const server = createHttp(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the kernel gave no port');
  return address.port;
}
