import fs from 'node:fs';
import path from 'node:path';
import { examineRoot } from '../crash/examine-root.ts';
import { makeBundle } from '../crash/make-bundle.ts';
import { makePlace, type Place, restore, save, succeed } from '../crash/place.ts';
import { runProgram } from '../crash/program.ts';

/** What happens to a file of a root behind the back of the program. */
export const BLOWS = {
  removed: (file: string) => fs.rmSync(file),
  'cut in half': (file: string) => rewrite(file, (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2))),
  'bit-flipped': (file: string) => rewrite(file, flipMiddle),
  'led astray': leadAstray,
} as const;

/** A root of two bundles that went through two generations, kept as `whole`. */
export async function makeWholeRoot(): Promise<Place> {
  const place = makePlace('damage');
  await succeed(place, 'install', await makeBundle(place, { name: 'perl', version: '1.0.0' }));
  const perl = await makeBundle(place, { name: 'perl', version: '2.0.0' });
  await succeed(place, 'install', perl, await makeBundle(place, { name: 'site', version: '1.0.0' }));
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

/** What must become of a part that was struck. */
type Fate = 'healed' | 'named' | 'unnoticed';

const FATES: readonly (readonly [part: RegExp, fate: Fate])[] = [
  [/^archives\//, 'named'],
  // By `pkg recover`, and with nothing else changed.
  [/^root\.json$/, 'named'],
  [/^(current$|store\/[^/]+\/[^.]|generations\/\d+\/(generation\.json|bin|bundles|etc|links))/, 'healed'],
  // What the operator may edit, what is made again when it is needed, and what nothing is ever restored from.
  [/./, 'unnoticed'],
];

/** Strikes one part of the whole root, verifies and repairs, and answers what did not come out as it must. */
export async function judgeBlow(place: Place, part: string, blow: keyof typeof BLOWS): Promise<readonly string[]> {
  restore(place, 'whole');
  const whole = JSON.stringify(examineRoot(place.root));
  strike(path.join(place.root, part), blow);
  const fate = FATES.find(([known]) => known.test(part))?.[1];
  if (fate === 'unnoticed') return [];
  const pkg = (...words: readonly string[]) =>
    runProgram(place.program, ['--root', place.root, '--yes', 'verify', '--all', ...words]);
  const found = await pkg();
  const told = found.stdout + found.stderr;
  const repaired = await pkg('--repair');
  const problems = [
    ...(found.exit === 0 ? ['verify found nothing'] : []),
    ...(told.includes(nameOf(part)) ? [] : [`verify did not name it: ${told}`]),
    ...((repaired.exit === 0) === (fate === 'healed') ? [] : [`--repair ended with ${repaired.exit}`]),
  ];
  const now = JSON.stringify(examineRoot(place.root));
  return now === whole ? problems : [...problems, `what is live became ${now}`];
}

/** A file of a bundle is named by its path inside the bundle. */
function nameOf(part: string): string {
  return part.replace(/^store\/[^/]+\/[^/]+\//, '');
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
