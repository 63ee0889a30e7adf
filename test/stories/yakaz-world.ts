import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { packBundle } from '../../src/bundle/index.ts';
import { listenersOn } from '../../src/service/index.ts';
import { endProcesses, listProcesses, readText } from '../../src/system/index.ts';
import { freePort } from '../hooks/stage.ts';
import { keepAsking } from '../support/keep-asking.ts';
import { workbench } from '../support/pkg.ts';

const TOP = join(import.meta.dirname, '../..');
const DEBIAN = '/usr/lib/erlang';

/** What one answer of the node tells: the release, when the node booted, and `NAME VERSION COUNT` of each application. */
export type Answer = {
  readonly release: string;
  readonly booted: string;
  readonly applications: Readonly<Record<string, { readonly version: string; readonly count: number }>>;
};

export type YakazWorld = Awaited<ReturnType<typeof yakazWorld>>;

/** An empty root, and everything the story installs into it: the runtime, the applications and the node, on ports of the kernel. */
export async function yakazWorld() {
  const bench = workbench();
  const [port, epmd] = [await freePort(), await freePort()];
  const user = `yakaz-${process.pid}-${port}`;
  // The node runs as a user of its own, who has to get in.
  chmodSync(bench.home, 0o755);
  onTestFinished(async () => {
    await endProcesses({ PKG_ROOT: bench.root }, { graceMs: 0 });
    spawnSync('userdel', [user], { stdio: 'ignore' });
  });

  async function pack(folder: string): Promise<string> {
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.erl'));
    if (sources.length > 0) {
      // A folder without a file is in no clone.
      mkdirSync(join(folder, 'ebin'), { recursive: true });
      execFileSync('erlc', ['-o', 'ebin', ...sources], { cwd: folder });
    }
    return (await packBundle({ folder, outDir: bench.home, hookLibrary: join(TOP, 'hooks') })).file;
  }

  /** Copies a folder of the fixtures and fills in its `@WORDS@`, in names of files, too. */
  function fill(kind: string, values: Readonly<Record<string, unknown>>): string {
    const folder = join(bench.home, 'sources', `${String(values['NAME'] ?? kind)}-${String(values['VERSION'])}`);
    rmSync(folder, { recursive: true, force: true });
    cpSync(join(TOP, 'fixtures/yakaz', kind), folder, { recursive: true });
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      writeFileSync(file, filled(readFileSync(file, 'utf8'), values));
      renameSync(file, join(entry.parentPath, entry.name.replace('NAME', String(values['NAME']))));
    }
    return folder;
  }

  function commandOf(pid: number): string {
    return readText(`/proc/${pid}/cmdline`) ?? '';
  }

  function userId(): string {
    return spawnSync('id', ['-u', user], { encoding: 'utf8' }).stdout.trim();
  }

  return {
    ...bench,
    user,
    port,
    epmd,
    pack,
    fill,

    /** Debian's runtime as a bundle: its files, without the place that is written into its scripts. */
    async erlang(version: string): Promise<string> {
      const folder = fill('erlang', { VERSION: version, EPMD: epmd });
      for (const name of readdirSync(join(DEBIAN, 'bin')).filter((one) => one.endsWith('.boot'))) take(`bin/${name}`);
      for (const name of readdirSync(DEBIAN).filter((one) => one.startsWith('erts-'))) take(`${name}/bin`);
      for (const name of readdirSync(join(DEBIAN, 'lib')).filter((one) =>
        /^(compiler|kernel|mnesia|sasl|stdlib)-/.test(one),
      ))
        take(`lib/${name}/ebin`);
      return await pack(folder);

      function take(place: string): void {
        mkdirSync(dirname(join(folder, place)), { recursive: true });
        cpSync(join(DEBIAN, place), join(folder, place), { recursive: true });
      }
    },

    /** One application; `more` goes into its bundle.json, `change` into its code. */
    async application(
      name: string,
      version: string,
      { more = {}, change = (code: string) => code }: ApplicationWish = {},
    ): Promise<string> {
      const folder = fill('application', { NAME: name, VERSION: version });
      extend(join(folder, 'bundle.json'), more);
      const code = join(folder, 'src', `${name}_app.erl`);
      writeFileSync(code, change(readFileSync(code, 'utf8')));
      return await pack(folder);
    },

    /** The node with the applications it lists, by exact version. */
    async release(
      version: string,
      depends: Readonly<Record<string, string>>,
      upgrade: Readonly<Record<string, unknown>> = {},
    ): Promise<string> {
      const { erlang: _, ...applications } = depends;
      const values = {
        VERSION: version,
        PORT: port,
        USER: user,
        DEPENDS: depends,
        APPLICATIONS: Object.keys(applications).join(' '),
        UPGRADE: upgrade,
      };
      return await pack(fill('my-service', values));
    },

    /** A release of OTP: its start.rel, boot file and relup are made from what it depends on and from earlier releases. */
    async otpRelease(
      version: string,
      depends: Readonly<Record<string, string>>,
      { upgrade = {}, earlier = [], look = 0 }: ReleaseWish = {},
    ): Promise<string> {
      const values = {
        VERSION: version,
        PORT: port,
        USER: user,
        DEPENDS: depends,
        UPGRADE: upgrade,
        LOOK: look,
      };
      const folder = fill('release', values);
      const sources = dirname(folder);
      const against = earlier.flatMap((one) => ['--against', `my-service-${one}.tgz`]);
      const env = { ERL_LIBS: sources, ERLANG: join(sources, `erlang-${depends['erlang']}`) };
      const built = await bench.run(['build', folder, '-o', bench.home, ...against], { env });
      if (built.exit !== 0) throw new Error(built.err);
      return built.lines[0] ?? '';
    },

    async ask(): Promise<Answer> {
      const [response] = (await once(get({ port, agent: false }), 'response')) as [IncomingMessage];
      const lines = (await text(response)).trim().split('\n');
      return {
        release: String(response.headers['x-release']),
        booted: String(response.headers['x-booted']),
        applications: Object.fromEntries(
          lines.map((line) => {
            const [name = '', version = '', count = ''] = line.split(' ');
            return [name, { version, count: Number(count) }];
          }),
        ),
      };
    },

    /** One visitor after the other until they leave; one that is turned away fails the test. */
    visitors() {
      return keepAsking(() => this.ask());
    },

    /** The words a process was started with; nothing of one that ended. */
    commandOf,

    userId,

    /** What is there of the service after it has left: bundles, its user, its data, processes, ports. */
    async leftovers(): Promise<readonly string[]> {
      const processes = listProcesses().filter(({ pid, isDead }) => !isDead && commandOf(pid).includes(bench.root));
      const taken = listenersOn([port, epmd]);
      return [
        ...(await bench.installed()),
        ...(userId() === '' ? [] : [user]),
        ...(bench.exists('data', 'my-service') ? ['data/my-service'] : []),
        ...processes.map(({ pid }) => commandOf(pid)),
        ...[port, epmd].filter((one) => taken.has(one)).map(String),
      ];
    },

    /** How the node stands, as `pkg status` says. */
    async node() {
      const { json } = await bench.ok('status', '--json');
      return json.services.find(({ name }: { readonly name: string }) => name === 'node');
    },
  };
}

type ApplicationWish = {
  readonly more?: Readonly<Record<string, unknown>>;
  readonly change?: (code: string) => string;
};

type ReleaseWish = {
  readonly upgrade?: Readonly<Record<string, unknown>>;
  /** Versions it comes from and goes back to. */
  readonly earlier?: readonly string[];
  /** What its last hook ends with: a number, or a command in shell that gives one. */
  readonly look?: number | string;
};

/** A whole word in quotes becomes the value as JSON, one inside a text the text of it. */
function filled(source: string, values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values).reduce(
    (done, [word, value]) =>
      (typeof value === 'string' ? done : done.replaceAll(`"@${word}@"`, JSON.stringify(value))).replaceAll(
        `@${word}@`,
        String(value),
      ),
    source,
  );
}

function extend(file: string, more: Readonly<Record<string, unknown>>): void {
  const added = Object.entries(more).map(([key, value]) => `,\n  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\n\}\n$/, `${added.join('')}\n}\n`));
}
