import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../error.ts';
import type { BundleId, Generation } from '../model/index.ts';
import { storeFolder } from '../model/index.ts';
import { removeTree, syncFolder, writeDurably } from '../system/index.ts';
import type { Layout } from './layout.ts';

/** The links of a generation beside its record: command -> bundle file, external link -> file. */
export type GenerationLinks = {
  /** Command name -> path below the generation, such as `bundles/web/bin/web`. */
  readonly bin: Readonly<Record<string, string>>;
  /** Path below `links/` -> path below the generation. */
  readonly links: Readonly<Record<string, string>>;
};

/** Writes generation `generation.number` under a temporary name and moves it into place, durable when it returns. */
export function writeGeneration(layout: Layout, generation: Generation, links: GenerationLinks): void {
  const folder = layout.generation(generation.number);
  const staged = path.join(layout.tmp, `generation-${generation.number}`);
  removeTree(staged);
  for (const name of ['bundles', 'etc', 'bin', 'links']) fs.mkdirSync(path.join(staged, name), { recursive: true });
  for (const bundle of generation.bundles) {
    const target = path.join('..', '..', '..', 'store', bundle.name, storeFolder(bundle));
    fs.symlinkSync(target, path.join(staged, 'bundles', bundle.name));
  }
  for (const [name, revision] of Object.entries(generation.config)) {
    fs.symlinkSync(path.join('..', '..', '..', 'config', name, revision), path.join(staged, 'etc', name));
  }
  for (const [command, file] of Object.entries(links.bin)) {
    fs.symlinkSync(path.join('..', file), path.join(staged, 'bin', command));
  }
  for (const [name, file] of Object.entries(links.links)) {
    const link = path.join(staged, 'links', name);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(path.join('..', '..', file), link);
  }
  writeDurably(path.join(staged, 'settings.json'), '{}\n', 0o600);
  writeDurably(path.join(staged, 'generation.json'), serialize(generation));
  for (const name of ['bundles', 'etc', 'bin', 'links']) syncFolder(path.join(staged, name));
  removeTree(folder);
  fs.renameSync(staged, folder);
  syncFolder(layout.generations);
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
  } catch {
    return [];
  }
  return names
    .filter((name) => /^[1-9][0-9]*$/.test(name))
    .map(Number)
    .toSorted((a, b) => a - b);
}
