import fs from 'node:fs';
import path from 'node:path';
import { examineRoot, type State } from '../crash/examine-root.ts';
import { makeBundle } from '../crash/make-bundle.ts';
import { makePlace, type Place, restore, save, succeed } from '../crash/place.ts';
import { type Run, runProgram } from '../crash/program.ts';

/** What happens to a file of a root behind the back of the program. */
export const BLOWS = {
  removed: (file: string) => fs.rmSync(file),
  'cut in half': (file: string) => rewrite(file, (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2))),
  'bit-flipped': (file: string) => rewrite(file, flipMiddle),
  'led astray': leadAstray,
} as const;

const LATER = { name: 'tools', version: '1.0.0' };

/** A root of two bundles with settings, data and checks that went through three generations, kept as `whole`. */
export async function makeWholeRoot(): Promise<Place> {
  const place = makePlace('damage');
  await succeed(place, 'install', await makeBundle(place, { name: 'perl', version: '1.0.0' }));
  const perl = await makeBundle(place, { name: 'perl', version: '2.0.0' });
  const manifest = {
    settings: { port: { type: 'number', default: 80 } },
    data: { directory: true, writes: 1 },
    checks: [{ name: 'suite', run: ['/bin/true'], when: ['switched'] }],
  };
  await succeed(place, 'install', perl, await makeBundle(place, { name: 'site', version: '1.0.0', manifest }));
  await succeed(place, 'settings', 'set', 'site', 'port=90');
  await makeBundle(place, LATER);
  save(place, 'whole');
  return place;
}

/** Every file and link below the root, by path relative to it. */
export function partsOf({ root }: Place): readonly string[] {
  const below = (folder: string): readonly string[] =>
    fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const file = path.join(folder, entry.name);
      return entry.isDirectory() ? below(file) : [path.relative(root, file)];
    });
  return below(root).toSorted();
}

/** What can happen to a part: only a link can be led astray, and only bytes that are there be changed. */
export function blowsTo({ root }: Place, part: string): readonly (keyof typeof BLOWS)[] {
  const stat = fs.lstatSync(path.join(root, part));
  if (stat.isSymbolicLink()) return ['removed', 'led astray'];
  return stat.size === 0 ? ['removed'] : ['removed', 'cut in half', 'bit-flipped'];
}

/** What must become of a part that was struck: put back, named as lost, one of the two, or of no consequence. */
type Fate = 'healed' | 'named' | 'found' | 'harmless';

/** By the blow and the part. */
const FATES: readonly (readonly [struck: RegExp, fate: Fate])[] = [
  [/: archives\//, 'named'],
  // By `pkg recover`, and with nothing else changed.
  [/: root\.json$/, 'named'],
  // Another generation has no other answers than none.
  [/: generations\/1\/settings\.json$/, 'healed'],
  [/: generations\/\d+\/settings\.json$/, 'named'],
  [/cut in half: generations\/\d+\/settings\.sum$/, 'healed'],
  // What is still a sum may be right, and the settings wrong.
  [/bit-flipped: generations\/\d+\/settings\.sum$/, 'found'],
  [/(cut in half|bit-flipped): config\/[^/]+\/\.sums-/, 'healed'],
  [/: config\/[^/]+\/\.(created|shipped)-/, 'healed'],
  [/: (current|data-formats\.json)$/, 'healed'],
  [/: (store\/[^/]+\/[^.]|generations\/\d+\/(generation\.json|bin|bundles|etc|links))/, 'healed'],
  // What the operator may edit, what is made again when it is needed, and what nothing is ever restored from.
  [/./, 'harmless'],
];

/** Strikes one part of the whole root and answers what did not come out as it must. */
export async function judgeBlow(place: Place, part: string, blow: keyof typeof BLOWS): Promise<readonly string[]> {
  restore(place, 'whole');
  const whole = examineRoot(place.root);
  strike(path.join(place.root, part), blow);
  const fate = FATES.find(([known]) => known.test(`${blow}: ${part}`))?.[1];
  const problems = fate === 'harmless' ? await judgeHarmless(place) : await judgeFound(place, part, fate);
  const now = examineRoot(place.root);
  const isAsBefore = withoutEdits(now, part) === withoutEdits(whole, part);
  return isAsBefore ? problems : [...problems, `what is live became ${JSON.stringify(now)}`];
}

/** It is found and named; what is not put back is named again. */
async function judgeFound(place: Place, part: string, fate: Fate | undefined): Promise<readonly string[]> {
  const found = await run(place, 'verify', '--all');
  const told = found.stdout + found.stderr;
  const repaired = await run(place, 'verify', '--all', '--repair');
  return [
    ...(found.exit === 0 ? ['verify found nothing'] : []),
    ...(told.includes(nameOf(part)) ? [] : [`verify did not name it: ${told}`]),
    ...(fate === 'found' || (repaired.exit === 0) === (fate === 'healed')
      ? []
      : [`--repair ended with ${repaired.exit}: ${repaired.stderr}`]),
  ];
}

/** Everything goes on: a look, a change, and the way back. */
async function judgeHarmless(place: Place): Promise<readonly string[]> {
  const archive = path.join(place.folder, 'archives', `${LATER.name}-${LATER.version}.tgz`);
  const runs = [
    await run(place, 'status'),
    await run(place, 'history'),
    await run(place, 'verify', '--all', '--repair'),
    await run(place, 'install', archive),
    await run(place, 'rollback'),
  ];
  return runs.filter(({ exit }) => exit !== 0).map(({ exit, stderr }) => `ended with ${exit}: ${stderr}`);
}

function run({ root, program }: Place, ...words: readonly string[]): Promise<Run> {
  return runProgram(program, ['--root', root, '--yes', ...words]);
}

/** The way back has a number of its own, and what was done to configuration counts as edited. */
function withoutEdits(state: State, part: string): string {
  const isConfig = /^config\/[^/]+\/\d/.test(part);
  return JSON.stringify({ ...state, generation: null, etc: isConfig ? null : state.etc });
}

/** A file of a bundle is named by its path inside the bundle, and settings are told by their sum. */
function nameOf(part: string): string {
  return part.replace(/^store\/[^/]+\/[^/]+\//, '').replace(/settings\.sum$/, 'settings.');
}

function strike(file: string, blow: keyof typeof BLOWS): void {
  fs.chmodSync(path.dirname(file), 0o755);
  BLOWS[blow](file);
}

/** Makes another file, so that one that two folders share is struck in one of them only. */
function rewrite(file: string, change: (bytes: Buffer) => Buffer): void {
  const { mode } = fs.statSync(file);
  const bytes = change(fs.readFileSync(file));
  fs.rmSync(file);
  fs.writeFileSync(file, bytes);
  fs.chmodSync(file, mode & 0o7777);
}

function leadAstray(link: string): void {
  fs.rmSync(link);
  fs.symlinkSync('nowhere', link);
}

function flipMiddle(bytes: Buffer): Buffer {
  const flipped = Buffer.from(bytes);
  const at = Math.floor(bytes.length / 2);
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  return flipped;
}
