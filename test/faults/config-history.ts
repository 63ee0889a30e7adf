import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Place } from '../crash/place.ts';
import { type Run, runProgram, startProgram } from '../crash/program.ts';
import { randomFrom } from './random-from.ts';

const VERSIONS = ['1.0.0', '1.1.0', '2.0.0', '3.0.0'] as const;
const FILES = ['main.conf', 'more/other.conf', 'port.conf'] as const;

/** A root whose configuration a seeded operator edits between changes, and every edit that may still be found. */
export type ConfigHistory = {
  readonly place: Place;
  readonly archives: readonly string[];
  readonly random: () => number;
  readonly edits: Set<string>;
  count: number;
};

/** An empty root and four versions of `app`, each with other lines, one of them without one of the files. */
export async function beginHistory(place: Place, seed: number): Promise<ConfigHistory> {
  const random = randomFrom(seed);
  const archives: string[] = [];
  for (const version of VERSIONS) archives.push(await makeApp(place, version, random));
  return { place, archives, random, edits: new Set(), count: 0 };
}

/** One thing that an operator does; answers what went wrong, and which edits are nowhere any more. */
export async function goOn(history: ConfigHistory): Promise<readonly string[]> {
  const before = modesOf(history);
  const words = chooseAct(history);
  const ended = words === null ? null : await change(history, words);
  const told = words?.join(' ') ?? 'an edit';
  const failed = ended === null || ended.signal !== null || [0, 3].includes(ended.exit ?? -1) ? [] : [describe(ended)];
  const kept = words !== null && !words.includes('rollback') && ended?.exit === 0 ? lostModes(history, before) : [];
  return [...failed, ...lost(history), ...kept].map((problem) => `${told}: ${problem}`);
}

/** Another version and back again; answers where the configuration differs from before. */
export async function upAndBack(history: ConfigHistory): Promise<readonly string[]> {
  if (!isInstalled(history)) await run(history, ['install', archive(history)]);
  const before = picture(history);
  const to = history.archives.at(-1) ?? '';
  const up = await run(history, ['install', '--config', pick(history, 2) === 0 ? 'keep' : 'new', to]);
  if (!up.stdout.includes('"committed"')) return [];
  const back = await run(history, ['rollback']);
  if (back.exit !== 0) return [describe(back)];
  const after = picture(history);
  return after === before ? [] : [`up and back:\n${before}\nbecame\n${after}`];
}

async function makeApp(place: Place, version: string, random: () => number): Promise<string> {
  const source = path.join(place.folder, 'sources', `app-${version}`);
  const lines = () => ['one', 'two', 'three', 'four', 'five', 'six'].filter(() => random() < 0.7);
  for (const file of FILES) {
    const text = [...lines(), file === 'port.conf' ? 'port {{setting.port}}' : `version ${version}`, ...lines()];
    const at = path.join(source, 'etc', file);
    fs.mkdirSync(path.dirname(at), { recursive: true });
    fs.writeFileSync(at, `${text.join('\n')}\n`);
  }
  const shipped = version === '2.0.0' ? FILES.slice(1) : FILES;
  const manifest = {
    name: 'app',
    version,
    config: shipped.map((file) => ({ path: `etc/${file}`, template: file === 'port.conf' })),
    settings: { port: { type: 'number', default: 80 } },
  };
  fs.writeFileSync(path.join(source, 'bundle.json'), JSON.stringify(manifest));
  const out = path.join(place.folder, 'archives');
  await runProgram(place.program, ['build', source, '-o', out]);
  return path.join(out, `app-${version}.tgz`);
}

/** The words of a change, or null when only files were touched. */
function chooseAct(history: ConfigHistory): readonly string[] | null {
  const side = pick(history, 2) === 0 ? 'keep' : 'new';
  if (!isInstalled(history)) {
    return pick(history, 3) === 0 ? ['rollback'] : ['install', '--config', side, archive(history)];
  }
  const file = FILES[pick(history, FILES.length)] ?? 'main.conf';
  switch (pick(history, 10)) {
    case 0:
      return ['remove', 'app'];
    case 1:
      return ['settings', 'set', 'app', `port=${1 + pick(history, 9000)}`];
    case 2: {
      const numbers = fs.readdirSync(path.join(history.place.root, 'generations'));
      return [
        'rollback',
        numbers[pick(history, numbers.length)] ?? '1',
        ...(pick(history, 3) === 0 ? ['--exact'] : []),
      ];
    }
    case 3:
      deleteFile(history, file);
      return null;
    case 4:
      if (fs.existsSync(live(history, file))) fs.chmodSync(live(history, file), 0o604);
      return null;
    case 5:
    case 6:
    case 7:
      edit(history, pick(history, 4) === 0 ? `local-${pick(history, 2)}.conf` : file);
      return null;
    default:
      return ['install', '--config', side, archive(history)];
  }
}

/** One change in six is killed; what is refused as lower is meant. */
async function change(history: ConfigHistory, words: readonly string[]): Promise<Run> {
  const isKilled = pick(history, 6) === 0;
  const ended = isKilled ? await killed(history, words) : await run(history, words);
  if (isKilled) await run(history, ['recover']);
  const isLower = ended.exit === 3 && words[0] === 'install';
  return isLower ? run(history, ['downgrade', '--force', ...words.slice(1)]) : ended;
}

function edit(history: ConfigHistory, file: string): void {
  history.count += 1;
  const marker = `edit-${history.count}`;
  const at = live(history, file);
  const lines = fs.existsSync(at) ? fs.readFileSync(at, 'utf8').split('\n') : [];
  fs.mkdirSync(path.dirname(at), { recursive: true });
  fs.writeFileSync(at, lines.toSpliced(pick(history, lines.length + 1), 0, marker).join('\n'));
  history.edits.add(marker);
}

/** Who deletes a file has given up what was written into it. */
function deleteFile(history: ConfigHistory, file: string): void {
  const at = live(history, file);
  if (!fs.existsSync(at)) return;
  const text = fs.readFileSync(at, 'utf8').split('\n');
  for (const marker of text) history.edits.delete(marker);
  fs.rmSync(at);
}

/** Edits that no revision holds any more, neither in a file nor beside one. */
function lost({ place, edits }: ConfigHistory): readonly string[] {
  const folder = path.join(place.root, 'config/app');
  if (!fs.existsSync(folder)) return [];
  const texts = fs
    .readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => filesBelow(path.join(folder, name)))
    .map((file) => fs.readFileSync(file, 'utf8').split('\n'));
  return [...edits].filter((one) => !texts.some((lines) => lines.includes(one))).map((one) => `${one} is nowhere`);
}

function modesOf(history: ConfigHistory): ReadonlyMap<string, number> {
  if (!isInstalled(history)) return new Map();
  const chosen = FILES.filter((file) => fs.existsSync(live(history, file))).map(
    (file) => [file, fs.statSync(live(history, file)).mode & 0o777] as const,
  );
  return new Map(chosen.filter(([, mode]) => mode === 0o604));
}

function lostModes(history: ConfigHistory, before: ReadonlyMap<string, number>): readonly string[] {
  if (!isInstalled(history)) return [];
  const there = [...before].filter(([file]) => fs.existsSync(live(history, file)));
  return there.flatMap(([file, mode]) =>
    (fs.statSync(live(history, file)).mode & 0o777) === mode ? [] : [`${file} has lost its mode`],
  );
}

/** Everything below current/etc/app: mode and text. */
function picture(history: ConfigHistory): string {
  const folder = fs.realpathSync(live(history, '.'));
  return filesBelow(folder)
    .map(
      (file) => `${path.relative(folder, file)} ${fs.statSync(file).mode.toString(8)} ${fs.readFileSync(file, 'utf8')}`,
    )
    .toSorted()
    .join('\n');
}

function filesBelow(folder: string): readonly string[] {
  const real = fs.realpathSync(folder);
  return fs
    .readdirSync(real, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(real, name))
    .filter((file) => fs.statSync(file).isFile());
}

function isInstalled(history: ConfigHistory): boolean {
  return fs.existsSync(live(history, '.'));
}

function live({ place }: ConfigHistory, file: string): string {
  return path.join(place.root, 'current/etc/app', file);
}

function archive(history: ConfigHistory): string {
  return history.archives[pick(history, history.archives.length)] ?? '';
}

function run({ place }: ConfigHistory, words: readonly string[]): Promise<Run> {
  return runProgram(place.program, ['--root', place.root, '--yes', '--json', ...words]);
}

async function killed(history: ConfigHistory, words: readonly string[]): Promise<Run> {
  const { place } = history;
  const { child, end } = startProgram(place.program, ['--root', place.root, '--yes', '--json', ...words]);
  await Promise.race([pause(pick(history, 500)), end]);
  child.kill('SIGKILL');
  return end;
}

function describe({ exit, stdout, stderr }: Run): string {
  return `ended with ${exit}: ${stdout}${stderr}`;
}

function pick({ random }: ConfigHistory, choices: number): number {
  return Math.floor(random() * choices);
}
