import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../error.ts';
import type { BundleId, Generation } from '../model/index.ts';
import { type Settings, storeFolder } from '../model/index.ts';
import { removeTree, syncFolder, writeDurably } from '../system/index.ts';
import type { Layout } from './layout.ts';
import { writeSettings, writeSettingsSum } from './settings.ts';

/** The links of a generation beside its record: command -> bundle file, external link -> file. */
export type GenerationLinks = {
  /** Command name -> path below the generation, such as `bundles/web/bin/web`. */
  readonly bin: Readonly<Record<string, string>>;
  /** Path below `links/` -> path below the generation. */
  readonly links: Readonly<Record<string, string>>;
};

const FOLDERS = ['bundles', 'etc', 'bin', 'links'] as const;

/** Writes generation `generation.number` under a temporary name and moves it into place, durable when it returns. */
export function writeGeneration(
  layout: Layout,
  generation: Generation,
  links: GenerationLinks,
  settings: Settings = {},
): void {
  const folder = layout.generation(generation.number);
  const staged = path.join(layout.tmp, `generation-${generation.number}`);
  removeTree(staged);
  for (const name of FOLDERS) fs.mkdirSync(path.join(staged, name), { recursive: true });
  for (const [name, target] of linksBeside(generation, links)) {
    const link = path.join(staged, name);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(target, link);
  }
  writeSettings(path.join(staged, 'settings.json'), settings);
  writeSettingsSum(path.join(staged, 'settings.sum'), settings);
  writeDurably(path.join(staged, 'generation.json'), serialize(generation));
  for (const name of FOLDERS) syncFolder(path.join(staged, name));
  removeTree(folder);
  fs.renameSync(staged, folder);
  syncFolder(layout.generations);
}

/** Every link of a generation: path below its folder -> what the link holds. */
export function linksBeside(generation: Generation, { bin, links }: GenerationLinks): ReadonlyMap<string, string> {
  const above = path.join('..', '..', '..');
  return new Map([
    ...generation.bundles.map(
      (bundle) => [`bundles/${bundle.name}`, path.join(above, 'store', bundle.name, storeFolder(bundle))] as const,
    ),
    ...Object.entries(generation.config).map(
      ([name, revision]) => [`etc/${name}`, path.join(above, 'config', name, revision)] as const,
    ),
    ...Object.entries(bin).map(([command, file]) => [`bin/${command}`, path.join('..', file)] as const),
    ...Object.entries(links).map(([name, file]) => [`links/${name}`, path.join('..', '..', file)] as const),
  ]);
}

/** Writes only the record of a generation again, in place of one that was cut or lost. */
export function rewriteRecord(layout: Layout, generation: Generation): void {
  const folder = layout.generation(generation.number);
  const settings = layout.settings(generation.number);
  if (fs.mkdirSync(folder, { recursive: true }) !== undefined) syncFolder(layout.generations);
  // Where there were answers, to write down that there are none would hide that they are lost.
  const hadNone = Object.keys(generation.settings ?? {}).length === 0;
  if (hadNone && !fs.existsSync(settings)) writeSettings(settings, {});
  writeDurably(layout.generationFile(generation.number), serialize(generation));
}

/** The record of generation `number`; null when there is none, `root-damaged` when it was cut or changed. */
export function readGeneration(layout: Layout, number: number): Generation | null {
  const file = layout.generationFile(number);
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw new PkgError('system-failed', `cannot read ${file}`, { cause: error });
  }
  const generation = parse(text);
  if (generation !== null) return generation;
  throw new PkgError('root-damaged', `${file} does not match its own checksum`, {
    hint: 'pkg verify --repair writes it again from the journal',
  });
}

/** The numbers of all generations on disk, ascending. */
export function generationNumbers(layout: Layout): readonly number[] {
  return numberedEntries(layout.generations);
}

/** The numbers of all transactions ever begun that are still recorded, ascending. */
export function transactionIds(layout: Layout): readonly number[] {
  return numberedEntries(layout.transactions);
}

/** Whether everything a generation points to is there: each bundle's folder and each configuration revision. */
export function isComplete(layout: Layout, generation: Generation): boolean {
  return (
    generation.bundles.every((bundle) => holdsManifest(layout, bundle)) &&
    Object.entries(generation.config).every(([name, revision]) => fs.existsSync(layout.configRevision(name, revision)))
  );
}

function holdsManifest(layout: Layout, bundle: BundleId): boolean {
  return fs.existsSync(path.join(layout.bundle(bundle), 'bundle.json'));
}

function serialize(generation: Generation): string {
  return `${JSON.stringify({ ...generation, checksum: checksum(generation) }, null, 2)}\n`;
}

function parse(text: string): Generation | null {
  try {
    const { checksum: recorded, ...generation } = JSON.parse(text) as Generation & { checksum: string };
    return recorded === checksum(generation) ? generation : null;
  } catch {
    return null;
  }
}

function checksum(generation: Generation): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(generation)).digest('hex')}`;
}

function numberedEntries(folder: string): readonly number[] {
  let names: string[];
  try {
    names = fs.readdirSync(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw new PkgError('system-failed', `cannot read ${folder}: ${(error as Error).message}`, {
      hint: 'ask as the owner of the root',
      cause: error,
    });
  }
  return names
    .filter((name) => /^[1-9][0-9]*$/.test(name))
    .map(Number)
    .toSorted((a, b) => a - b);
}
