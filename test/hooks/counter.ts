import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { askControl, type Json } from '../../src/service/index.ts';
import { type Kind, packCounter } from './pack-counter.ts';
import { freePort } from './stage.ts';
import { untilSo } from '../support/until.ts';

type Direction = 'up' | 'down';

/** A counter of the fixtures, both versions packed and unpacked, of which 1.0.0 runs; asked by its control program as pkg does. */
export class Counter implements AsyncDisposable {
  readonly top = mkdtempSync(join(tmpdir(), 'pkg-counter-'));
  readonly data = join(this.top, 'root/data/counter');
  readonly children: ChildProcess[] = [];
  readonly kind: Kind;
  readonly env: Readonly<Record<string, string>>;
  readonly #port: number;

  static async start(kind: Kind, env: Readonly<Record<string, string>> = {}): Promise<Counter> {
    const counter = new Counter(kind, await freePort(), env);
    for (const version of ['1.0.0', '2.0.0']) await counter.#unpack(version);
    mkdirSync(counter.data, { recursive: true });
    if (kind === 'counter-erlang') await counter.#startEpmd();
    counter.launch('bin/start', { cwd: counter.folder('1.0.0') });
    await untilSo(() =>
      counter.visit().then(
        () => true,
        () => false,
      ),
    );
    return counter;
  }

  private constructor(kind: Kind, port: number, env: Readonly<Record<string, string>>) {
    this.kind = kind;
    this.#port = port;
    this.env = {
      PATH: process.env['PATH'] ?? '',
      HOME: this.top,
      PKG_ROOT: join(this.top, 'root'),
      PKG_BUNDLE_DIR: this.folder('1.0.0'),
      PKG_DATA_DIR: this.data,
      PKG_SERVICE: `${kind}/server`,
      PKG_PORT: String(port),
      PKG_NODE: process.execPath,
      ...env,
    };
  }

  /** Starts a program of the bundle or of the system that ends with the counter. */
  launch(program: string, { cwd = this.top, words = [] as readonly string[] } = {}): ChildProcess {
    const child = spawn(program, words, { cwd, env: this.env, stdio: 'ignore' });
    this.children.push(child);
    return child;
  }

  folder(version: string): string {
    return join(this.top, 'store', version);
  }

  /** The pid of the service. */
  get pid(): number {
    return this.children.at(-1)?.pid ?? 0;
  }

  /** One visitor on a connection of its own: `1.0.0 counts 3`. */
  async visit(): Promise<string> {
    const [response] = (await once(get({ port: this.#port, agent: false }), 'response')) as [IncomingMessage];
    return `${String(response.headers['x-version'])} counts ${await text(response)}`;
  }

  /** Asks for a verb through the control program of 2.0.0; a refusal is its message. */
  async ask(
    verb: string,
    direction: Direction,
    extra: unknown = null,
    { timeoutMs = 20_000, more = {} }: { readonly timeoutMs?: number; readonly more?: object } = {},
  ): Promise<Json> {
    const [from, to] = direction === 'up' ? ['1.0.0', '2.0.0'] : ['2.0.0', '1.0.0'];
    const paths = { bundleDir: this.folder(to), configDir: this.top, dataDir: this.data };
    const said = await askControl({
      program: join(this.folder('2.0.0'), `hooks/pkg/${this.kind.replace('counter', 'control')}`),
      verb,
      request: { verb, direction, from, to, extra, service: `${this.kind}/server`, pid: this.pid, ...paths, ...more },
      timeoutMs,
      env: this.env,
      cwd: this.top,
      log: join(this.top, 'control.log'),
      abort: new AbortController().signal,
    }).catch((error: unknown) => ({ answer: (error as Error).message.replace(/^.*hooks\/pkg\//, '') }));
    return (said as { readonly answer: Json }).answer;
  }

  /** A further Erlang module of 2.0.0. */
  write(module: string, functions: string): void {
    const source = join(this.top, `${module}.erl`);
    writeFileSync(source, `-module(${module}).\n-compile(export_all).\n${functions}\n`);
    execFileSync('erlc', ['+nowarn_export_all', '-o', join(this.folder('2.0.0'), 'ebin'), source]);
  }

  /** Suspends, migrates and lets go on, and answers what each said. */
  async change(direction: Direction, extra: unknown): Promise<readonly Json[]> {
    const answers: Json[] = [];
    for (const verb of ['suspend', 'migrate', 'resume']) answers.push(await this.ask(verb, direction, extra));
    return answers;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.children.toReversed()) await end(child);
    rmSync(this.top, { recursive: true, force: true });
  }

  /** An epmd of its own: without one the node would start a daemon, and the machine's need not hear of it. */
  async #startEpmd(): Promise<void> {
    this.launch('epmd');
    await untilSo(() => spawnSync('epmd', ['-names'], { env: this.env }).status === 0);
  }

  async #unpack(version: string): Promise<void> {
    const file = await packCounter({ kind: this.kind, version, into: this.top });
    mkdirSync(this.folder(version), { recursive: true });
    execFileSync('tar', ['xzf', file, '-C', this.folder(version)]);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
