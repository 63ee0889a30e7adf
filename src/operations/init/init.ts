import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PkgError } from '../../error.ts';
import { nearestWord } from '../../model/index.ts';
import { makeFolders } from '../../system/index.ts';
import { TEMPLATES } from './templates.ts';

/** What was made. */
export type Initiated = { readonly folder: string; readonly name: string; readonly files: readonly string[] };

type Wish = { readonly template: string; readonly dryRun: boolean };

/** Makes a bundle folder that can be built and installed as it is; only in an empty or new folder. */
export function init(folder: string, { template, dryRun }: Wish): Initiated {
  const name = nameFrom(folder);
  const files = filesOf(template, name);
  refuseFull(folder);
  for (const [file, text] of dryRun ? [] : files) {
    makeFolders(path.join(folder, path.dirname(file)));
    fs.writeFileSync(path.join(folder, file), text, { flag: 'wx', mode: text.startsWith('#!') ? 0o755 : 0o644 });
  }
  return { folder, name, files: [...files.keys()] };
}

/** Existing files would be packed with the bundle; a fresh repository counts as empty. */
function refuseFull(folder: string): void {
  const found = entriesOf(folder).filter((entry) => entry !== '.git');
  const [there] = found.includes('bundle.json') ? ['bundle.json'] : found;
  if (there === undefined) return;
  throw new PkgError('usage', `cannot make a bundle in ${folder}: ${there} already exists`, {
    hint: 'name a new or empty folder: pkg init DIR',
  });
}

function entriesOf(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder).toSorted();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    if (code !== 'ENOTDIR') throw error;
    throw new PkgError('usage', `cannot make a bundle in ${folder}: it is not a folder`, {
      hint: 'name a new or empty folder: pkg init DIR',
      cause: error,
    });
  }
}

/** The schema lies beside the manifest, so that editors find it without the network; the build leaves it out. */
const SCHEMA = 'bundle.schema.json';

function filesOf(word: string, name: string): ReadonlyMap<string, string> {
  const template = Object.hasOwn(TEMPLATES, word) ? TEMPLATES[word] : undefined;
  if (template === undefined) throw unknownTemplate(word);
  const filled = (text: string): string => text.replaceAll('{name}', name);
  const manifest = { $schema: `./${SCHEMA}`, name, version: '1.0.0', ...template.manifest };
  return new Map([
    ['bundle.json', filled(`${JSON.stringify(manifest, null, 2)}\n`)],
    ['.pkgignore', `${SCHEMA}\n`],
    [SCHEMA, fs.readFileSync(schemaFile(), 'utf8')],
    ...Object.entries(template.files).map(([file, text]) => [filled(file), filled(text)] as const),
  ]);
}

/** `My App` -> `my-app`: the nearest name that is allowed. */
function nameFrom(folder: string): string {
  const name = path
    .basename(path.resolve(folder))
    .toLowerCase()
    .replaceAll(/[^a-z0-9._+-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .replace(/-+$/, '');
  return name === '' ? 'my-bundle' : name.slice(0, 128);
}

/** It is beside the built program, or in docs/ of a checkout. */
function schemaFile(): string {
  const places = [`./${SCHEMA}`, `../../docs/${SCHEMA}`].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return places.find((place) => fs.existsSync(place)) ?? places[0] ?? SCHEMA;
}

function unknownTemplate(word: string): PkgError {
  const names = Object.keys(TEMPLATES);
  const near = nearestWord(word, names);
  return new PkgError('usage', `there is no template '${word}'`, {
    hint: near === null ? `there are ${names.join(', ')}` : `did you mean ${near}?`,
  });
}
