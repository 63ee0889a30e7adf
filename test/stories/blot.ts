import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { build } from '../../src/operations/build.ts';
import { endProcesses } from '../../src/system/index.ts';
import { freePort } from '../hooks/stage.ts';
import { PROGRAM, until, workbench } from '../support/pkg.ts';
import { servedMachine } from '../support/runit.ts';
import { bootedMachine } from '../support/systemd.ts';

const FIXTURES = new URL('../../fixtures/blot/', import.meta.url).pathname;

/** The ports that the fixtures name, each of which becomes one that the kernel gave. */
const PORTS = { redis: '6391', blot: '8391', nginx: '8090', monit: '2891' } as const;

/** Seconds that may pass: monit looks once a second, twice before it acts, and the machine may be busy. */
const PATIENCE = 60;

export type Name = keyof typeof PORTS;
export type Manager = 'systemd' | 'runit';
export type Story = Awaited<ReturnType<typeof blotStory<Manager>>>;
export type BootedStory = Awaited<ReturnType<typeof blotStory<'systemd'>>>;

/** What a visitor was told, by which version and by which process. */
export type Answer = {
  readonly status: number;
  readonly text: string;
  readonly version: string | null;
  readonly pid: number;
};

/** The machine on which blot lives, kept by systemd or by runit, with nothing installed yet. Gone when the test ends. */
export async function blotStory<Kind extends Manager>(manager: Kind) {
  const t = workbench();
  onTestFinished(async () => void (await endProcesses({ PKG_ROOT: t.root }, { graceMs: 0 })));
  onTestFinished(() => removeUser(t.root));
  // Services of another user run from there.
  fs.chmodSync(t.home, 0o755);
  const node = path.join(t.home, 'node');
  fs.copyFileSync(process.execPath, node);
  const program = path.join(t.home, 'pkg');
  fs.writeFileSync(program, `#!/bin/sh\nexec '${node}' '${PROGRAM}' "$@"\n`, { mode: 0o755 });
  const ports = { redis: 0, blot: 0, nginx: 0, monit: 0 };
  for (const name of Object.keys(PORTS) as Name[]) ports[name] = await freePort();
  const machine = await machineOf(manager, t);

  const story = {
    t,
    machine,
    ports,
    pkg: (...words: readonly string[]) => machine.run(program, ...words),
    /** Runs `pkg`; anything but success fails the test with what it said. */
    async ok(...words: readonly string[]): Promise<string> {
      const { exit, out, err } = await story.pkg(...words);
      if (exit !== 0) throw new Error(`pkg ${words.join(' ')} ended with ${exit}:\n${err}\n${out}`);
      return out;
    },
    /** Builds a bundle of the fixtures with the ports and the manager of this machine; `edit` changes its files. */
    async bundle(name: Name, version = '1.0.0', edit: (text: string) => string = (text) => text): Promise<string> {
      const folder = path.join(t.home, 'sources', `${name}-${version}`);
      fs.cpSync(path.join(FIXTURES, name), folder, { recursive: true });
      for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const file = path.join(entry.parentPath, entry.name);
        fs.writeFileSync(file, edit(filledIn(fs.readFileSync(file, 'utf8'), version)));
      }
      return (await build({ folder, outDir: t.home, env: {} })).file;
    },
    /** Installs all four in one change. */
    async installAll(edit?: (text: string) => string): Promise<string> {
      const files = await Promise.all((Object.keys(PORTS) as Name[]).map((name) => story.bundle(name, '1.0.0', edit)));
      return story.ok('install', '--yes', '--set', `monit.pkg=${program}`, ...files);
    },
    /** Asks as a visitor does, through nginx unless another is named; null while nobody answers. */
    async visit(where = '/', who: Name = 'nginx'): Promise<Answer | null> {
      try {
        const response = await fetch(`http://127.0.0.1:${ports[who]}${where}`, {
          headers: { connection: 'close' },
          signal: AbortSignal.timeout(2000),
        });
        const { headers, status } = response;
        return {
          status,
          text: await response.text(),
          version: headers.get('x-version'),
          pid: Number(headers.get('x-pid')),
        };
      } catch {
        return null;
      }
    },
    /** The process of each service as the machine numbers it, as `pkg status` says. */
    async pids(): Promise<Readonly<Record<Name, number>>> {
      const { services } = JSON.parse(await story.ok('status', '--json'));
      const pairs = services.map(({ bundle, pid }: { bundle: Name; pid: number }) => [bundle, pid]);
      return Object.fromEntries(pairs) as Record<Name, number>;
    },
    /** Whether there is such a process on the machine. */
    async runs(pid: number): Promise<boolean> {
      return (await machine.run('kill', '-0', String(pid))).exit === 0;
    },
    /** What monit says of a service: `OK`, `Not monitored`, … and the process it looks at. */
    async monit(
      service: string,
    ): Promise<{ readonly watches: boolean; readonly status: string; readonly pid: number }> {
      const { out } = await machine.run('monit', '-c', t.at('current/etc/monit/monit.rc'), '-B', 'status', service);
      const says = (what: string): string => new RegExp(`^ +${what} +(.*)$`, 'm').exec(out)?.[1] ?? '';
      return {
        watches: says('monitoring status') === 'Monitored',
        status: says('status'),
        pid: Number(says('pid')),
      };
    },
    /**
     * Right before the power fails: after a boot monit watches everything. It knows a boot by the clock of the kernel,
     * which goes on here, and so what it wrote down last is taken away.
     */
    async monitForgets(): Promise<void> {
      const { monit } = await story.pids();
      await machine.run('kill', '-STOP', String(monit));
      fs.rmSync(t.at('data/monit/monit.state'), { force: true });
    },
    /** The units of ours that are there, and links to them, by name. */
    units(): readonly string[] {
      const folders = 'unit' in machine ? [machine.unit('.')] : [machine.definition('.'), machine.served('.')];
      const names = folders.flatMap((folder) => fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }));
      return names.filter((name) => path.basename(name).startsWith('pkg-'));
    },
    /** Lets the log rotation of the machine copy a log and empty it, as it would at night. */
    async rotate(log: string): Promise<void> {
      const rules = path.join(t.home, 'logrotate.conf');
      fs.writeFileSync(rules, `${log} {\n  copytruncate\n  rotate 7\n}\n`, { mode: 0o644 });
      await execa('logrotate', ['--force', '--state', path.join(t.home, 'logrotate.state'), rules]);
    },
    /** Waits until monit looks at this process and finds it well. */
    async followed(pid: number): Promise<void> {
      await until(
        `monit follows ${pid}`,
        async () => {
          const { watches, status, pid: seen } = await story.monit('blot');
          return watches && status === 'OK' && seen === pid;
        },
        PATIENCE,
      );
    },
    /** Waits until another process than `pid` answers visitors, and tells what it says. */
    async another(pid: number): Promise<Answer> {
      let heard: Answer | null = null;
      await until(
        `another process than ${pid} answers`,
        async () => {
          heard = await story.visit('/health');
          return heard !== null && heard.status === 200 && heard.pid !== pid;
        },
        PATIENCE,
      );
      return heard as unknown as Answer;
    },
  };

  function filledIn(text: string, version: string): string {
    const numbered = (Object.keys(PORTS) as Name[]).reduce(
      (filled, name) => filled.replaceAll(PORTS[name], String(ports[name])),
      text,
    );
    return numbered
      .replace('"manager": "systemd"', `"manager": "${manager}"`)
      .replace('"version": "1.0.0"', `"version": "${version}"`);
  }

  return story as Omit<typeof story, 'machine'> & { readonly machine: MachineOf<Kind> };
}

type MachineOf<Kind extends Manager> = Awaited<
  ReturnType<Kind extends 'systemd' ? typeof bootedMachine : typeof servedMachine>
>;

function machineOf(manager: Manager, { home, root }: { readonly home: string; readonly root: string }) {
  return manager === 'systemd' ? bootedMachine(home) : servedMachine(root);
}

/** Where a test failed half-way: the user that it made on this machine, and no other. */
async function removeUser(root: string): Promise<void> {
  const { stdout } = await execa('getent', ['passwd', 'blot'], { reject: false });
  if (stdout.includes(`in ${root}`)) await execa('userdel', ['blot']);
}
