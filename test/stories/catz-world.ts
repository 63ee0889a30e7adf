import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { build } from '../../src/operations/build.ts';
import { listProcesses, readProcess } from '../../src/system/index.ts';
import { freePort } from '../hooks/stage.ts';
import { type Answer, until, workbench } from '../support/pkg.ts';
import type { Edits } from './catz-edits.ts';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/catz');

/** The lines of meta data of the first load. */
export const FIRST = 'cat1 A cat on a chair\ncat2 A cat under a chair\n';

export type Catz = Awaited<ReturnType<typeof catzWorld>>;

/** A root with everything the catalogue is made of, on ports of its own; what was started ends with the test. */
export async function catzWorld() {
  const t = workbench();
  const ports = { front: await freePort(), blue: await freePort(), green: await freePort(), cache: await freePort() };

  /** Builds a fixture as `version`, with its ports filled in and its files edited. */
  async function bundle(name: string, version: string, edits: Edits = {}): Promise<string> {
    const folder = path.join(t.home, 'sources', `${name}-${version}`);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.cpSync(path.join(FIXTURES, name), folder, { recursive: true });
    if (name === 'perl') copyPerl(folder, version);
    if (name === 'mojolicious') copyMojolicious(folder, version);
    edit(folder, 'bundle.json', (text) => withPorts(text).replace(/("version": )"[^"]+"/, `$1"${version}"`));
    for (const file of ['etc/nginx.conf']) edit(folder, file, withPorts);
    for (const [file, change] of Object.entries(edits)) edit(folder, file, change);
    return archive(folder);
  }

  function withPorts(text: string): string {
    return text
      .replaceAll('8080', String(ports.front))
      .replaceAll('8081', String(ports.blue))
      .replaceAll('8082', String(ports.green))
      .replaceAll('11212', String(ports.cache));
  }

  async function archive(folder: string): Promise<string> {
    return (await build({ folder, outDir: t.home, env: {} })).file;
  }

  async function ask(place = '/', port = ports.front) {
    const response = await fetch(`http://127.0.0.1:${port}${place}`, { headers: { connection: 'close' } });
    const { status, headers } = response;
    return {
      status,
      text: (await response.text()).replaceAll(/<[^>]*>/g, ''),
      version: headers.get('x-catz-version'),
      data: headers.get('x-catz-data'),
      mojolicious: headers.get('x-catz-mojolicious'),
      port: Number(headers.get('x-catz-port')),
      pid: Number(headers.get('x-catz-pid')),
    };
  }

  const services = async (): Promise<readonly Answer[]> => (await t.ok('service', 'status', '--json')).json.services;

  /** Every process that the services consist of. nginx and hypnotoad have overwritten their environment: pkg is asked. */
  async function processes(): Promise<readonly number[]> {
    const mains = (await services()).flatMap(({ pid }) => (pid === null ? [] : [pid]));
    const children = listProcesses().flatMap(({ parent, pid }) => (mains.includes(parent) ? [pid] : []));
    return [...mains, ...children];
  }

  /** The machine goes dark: nobody is told. */
  async function powerCut(): Promise<void> {
    const pids = await processes();
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await until('all processes are gone', () => pids.every(isGone));
  }

  return {
    ...t,
    ports,
    processes,
    powerCut,
    bundle,
    ask,
    /** Runs the loader on lines of meta data; the bundle of the new data, or what went wrong. */
    async load(version: string, meta: string): Promise<{ readonly archive: string } | { readonly problem: string }> {
      const file = path.join(t.home, 'meta.txt');
      fs.writeFileSync(file, meta);
      const folder = path.join(t.home, 'sources', `catz-data-${version}`);
      const ran = await execa(path.join(FIXTURES, 'catz/bin/load'), [file, folder, version], { reject: false });
      return ran.exitCode === 0 ? { archive: await archive(folder) } : { problem: ran.stderr };
    },
    /** How the application stands, as its processes say. */
    async web(): Promise<Answer> {
      return (await services()).find((one) => one.bundle === 'catz');
    },
    /** The master of nginx. */
    async nginx(): Promise<number> {
      return (await services()).find((one) => one.bundle === 'front').pid;
    },
    /** Whether anybody listens on a port. */
    async answers(port: number): Promise<boolean> {
      return ask('/', port).then(
        () => true,
        () => false,
      );
    },
  };
}

/** The bundle that a load makes which goes well. */
export async function loaded(t: Catz, version: string, meta: string = FIRST): Promise<string> {
  const outcome = await t.load(version, meta);
  if ('problem' in outcome) throw new Error(outcome.problem);
  return outcome.archive;
}

/** One that waits for its parent to look at it counts as gone. */
export function isGone(pid: number): boolean {
  return readProcess(pid)?.isDead ?? true;
}

function edit(folder: string, file: string, change: (text: string) => string): void {
  const place = path.join(folder, file);
  if (fs.existsSync(place)) fs.writeFileSync(place, change(fs.readFileSync(place, 'utf8')));
}

/** Debian's perl finds its own modules from anywhere. */
function copyPerl(folder: string, version: string): void {
  fs.mkdirSync(path.join(folder, 'bin'));
  fs.copyFileSync('/usr/bin/perl', path.join(folder, 'bin/perl'));
  fs.writeFileSync(path.join(folder, 'BUILD'), `${version}\n`);
}

function copyMojolicious(folder: string, version: string): void {
  fs.mkdirSync(path.join(folder, 'bin'));
  fs.copyFileSync('/usr/bin/hypnotoad', path.join(folder, 'bin/hypnotoad'));
  for (const name of ['Mojo', 'Mojo.pm', 'Mojolicious', 'Mojolicious.pm', 'Test/Mojo.pm', 'ojo.pm']) {
    const from = path.join('/usr/share/perl5', name);
    const to = path.join(folder, 'lib', name);
    fs.mkdirSync(path.dirname(to), { recursive: true });
    // Debian leads from there into other packages; a bundle holds what it needs.
    execFileSync('cp', ['-RL', from, to]);
  }
  const number = version.replace(/\.0$/, '');
  edit(folder, 'lib/Mojolicious.pm', (text) => text.replace(/(our \$VERSION\s*= )'[\d.]+'/, `$1'${number}'`));
}
