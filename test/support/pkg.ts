import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { build } from '../../src/operations/build.ts';
import { removeTree } from '../../src/system/index.ts';
import { endInhabitants } from './inhabitants.ts';

export { until } from './until.ts';

/** The built program, as an operator runs it. */
export const PROGRAM = fileURLToPath(new URL('../../dist/pkg.js', import.meta.url));

/** Node compiles the program once for the thousands of times that it is started. */
export const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url));

/** What a bundle is made of, besides its name and version: keys of the manifest, files, and hooks as lines of shell. */
export type Wish = {
  /** Path -> text; `-> target` makes a link; a text that begins with `#!` makes a program. */
  readonly files?: Readonly<Record<string, string>>;
  /** Hook -> lines of shell: `{ preinstall: 'exit 1' }`. */
  readonly hooks?: Readonly<Record<string, string>>;
} & Readonly<Record<string, unknown>>;

/** A document as the program printed it; a test looks into it and says what it expects to find. */
export type Answer = ReturnType<typeof JSON.parse>;

export type Ended = {
  /** 128 + n when a signal ended it, as a shell says. */
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  /** stdout read as one JSON document, or the last of its JSON lines: the result of a changing command. */
  readonly json: Answer;
  /** stdout as JSON lines. */
  readonly events: readonly Answer[];
  /** The first error event of a changing command, or the error document of a reading one. */
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly details?: Answer;
  };
  /** The lines of stdout. */
  readonly lines: readonly string[];
};

export type Around = {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  readonly root?: string;
};

export type Workbench = ReturnType<typeof workbench>;

/** A temporary root with everything to build bundles and run `pkg` on it; gone when the test ends, with all that runs in it. */
export function workbench() {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-cli-'));
  const root = path.join(home, 'root');
  const children = new Set<ChildProcess>();
  onTestFinished(async () => {
    for (const child of children) child.kill('SIGKILL');
    await endInhabitants(home);
    removeTree(home);
  });
  const at = (...parts: readonly string[]): string => path.join(root, ...parts);

  /** Starts `pkg` and answers the child together with the promise of its end. */
  function start(words: readonly string[], around: Around = {}) {
    const child = spawn(process.execPath, [PROGRAM, ...words], {
      cwd: around.cwd ?? home,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        LANG: 'C.UTF-8',
        NODE_COMPILE_CACHE: COMPILED,
        PKG_ROOT: around.root ?? root,
        ...around.env,
      },
      stdio: 'pipe',
    });
    children.add(child);
    child.stdin.on('error', () => {});
    child.stdin.end(around.input ?? '');
    const out = collect(child.stdout);
    const err = collect(child.stderr);
    const ended = new Promise<Ended>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        children.delete(child);
        resolve(endedWith(code ?? 128 + (signal === null ? 0 : os.constants.signals[signal]), out(), err()));
      });
    });
    return { child, ended, errSoFar: err, outSoFar: out };
  }

  const run = (words: readonly string[], around: Around = {}): Promise<Ended> => start(words, around).ended;

  /** Writes the source folder of a bundle and answers its path. */
  function source(name: string, version: string, { files = {}, hooks = {}, ...manifest }: Wish = {}): string {
    const folder = path.join(home, 'sources', `${name}-${version}`);
    fs.rmSync(folder, { recursive: true, force: true });
    const named = Object.fromEntries(Object.keys(hooks).map((hook) => [hook, `hooks/${hook}`]));
    const scripts = Object.entries(hooks).map(([hook, text]) => [`hooks/${hook}`, `#!/bin/sh\n${text}\n`]);
    const all: Record<string, string> = {
      'data.txt': `${name} ${version}\n`,
      ...Object.fromEntries(scripts),
      ...files,
    };
    for (const [file, text] of Object.entries(all)) put(path.join(folder, file), text);
    const hooksOf = Object.keys(hooks).length === 0 ? {} : { hooks: named };
    put(path.join(folder, 'bundle.json'), `${JSON.stringify({ name, version, ...hooksOf, ...manifest }, null, 2)}\n`);
    return folder;
  }

  return {
    home,
    root,
    /** A path below the root. */
    at,
    start,
    run,
    source,
    /** Runs `pkg` with these words. */
    pkg: (...words: readonly string[]): Promise<Ended> => run(words),
    /** Runs `pkg` with these words; anything but success fails the test with what it said. */
    async ok(...words: readonly string[]): Promise<Ended> {
      const ended = await run(words);
      if (ended.exit !== 0)
        throw new Error(`pkg ${words.join(' ')} ended with ${ended.exit}:\n${ended.err}${ended.out}`);
      return ended;
    },
    /** Builds a bundle and answers the path of its archive. Different content under the same version: another `into`. */
    async bundle(name: string, version: string, wish: Wish = {}, into = 'archives'): Promise<string> {
      const folder = path.join(home, into);
      fs.mkdirSync(folder, { recursive: true });
      // In this process, which is quicker; that `pkg build` does the same has tests of its own.
      return (await build({ folder: source(name, version, wish), outDir: folder, env: {} })).file;
    },
    /** What is live: `['perl@5.8.0', …]`, as `pkg list` says. */
    async installed(): Promise<readonly string[]> {
      const { json } = await run(['list', '--json']);
      return json.bundles.map((bundle: { name: string; version: string }) => `${bundle.name}@${bundle.version}`);
    },
    read: (...parts: readonly string[]): string => fs.readFileSync(at(...parts), 'utf8'),
    exists: (...parts: readonly string[]): boolean => fs.existsSync(at(...parts)),
    /** Writes into the root as somebody with an editor and no manners would: read-only is no hindrance. */
    tamper(file: string, text: string): void {
      const target = at(file);
      fs.chmodSync(path.dirname(target), 0o755);
      fs.rmSync(target, { force: true });
      fs.writeFileSync(target, text);
    },
  };
}

/** Everything below `folder` by relative path: text of files, `-> target` of links. What changes by itself is left out. */
export function snapshot(folder: string): Readonly<Record<string, string>> {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  return Object.fromEntries(
    names
      .filter((name) => !/^(lock|tmp|trash|transactions)(\/|$)/.test(name))
      .flatMap((name) => {
        const file = path.join(folder, name);
        const stat = fs.lstatSync(file);
        if (stat.isDirectory()) return [];
        return [[name, stat.isSymbolicLink() ? `-> ${fs.readlinkSync(file)}` : fs.readFileSync(file, 'utf8')]];
      }),
  );
}

function endedWith(exit: number, out: string, err: string): Ended {
  const lines = out.split('\n').filter((line) => line !== '');
  const parsed = (): readonly Answer[] => lines.map((line) => JSON.parse(line));
  return {
    exit,
    out,
    err,
    lines,
    get json() {
      return parsed().at(-1);
    },
    get events() {
      return parsed();
    },
    get error() {
      return parsed().find((line) => line.event === 'error');
    },
  };
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const parts: Buffer[] = [];
  stream.on('data', (part: Buffer) => parts.push(part));
  return () => Buffer.concat(parts).toString('utf8');
}

function put(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (text.startsWith('-> ')) fs.symlinkSync(text.slice(3), file);
  else fs.writeFileSync(file, text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
}
