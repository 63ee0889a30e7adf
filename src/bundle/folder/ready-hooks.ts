import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type HookEntry, type Hooks, hookPath, type Manifest, nearestWord, oppositeHook } from '../../model/index.ts';
import { comparePaths } from '../archive/entry-path.ts';
import type { Problem } from '../manifest/manifest-source.ts';
import type { SourceEntry } from './collect-files.ts';

const HOOK_NAMES = ['preinstall', 'postinstall', 'preremove', 'postremove'] as const;

/** Every program that the hooks of a manifest name, with its place there. */
export function hookWords(
  hooks: Hooks | undefined,
): readonly { readonly word: string; readonly path: Problem['path'] }[] {
  return HOOK_NAMES.flatMap((name) =>
    (hooks?.[name] ?? []).flatMap((entry: HookEntry, at) => {
      if (typeof entry === 'string') return [{ word: entry, path: ['hooks', name, at] }];
      const own = { word: entry.do, path: ['hooks', name, at, 'do'] };
      return entry.undo === undefined ? [own] : [own, { word: entry.undo, path: ['hooks', name, at, 'undo'] }];
    }),
  );
}

/** The ready-made hooks and control programs a manifest asks for, with all they need, as entries from the library. */
export function readyHooks(
  manifest: Manifest,
  library: string,
): { readonly entries: readonly SourceEntry[]; readonly problems: readonly Problem[] } {
  const named = [...hookWords(manifest.hooks).map(asHook), ...controlWords(manifest)].filter(isReady);
  const known = named.filter((one) => isKnown(one, library));
  const wanted = new Set(known.flatMap(({ word }) => [word, oppositeHook(word) ?? word, ...companions(word, library)]));
  return {
    entries: [...wanted].map((word) => libraryEntry(word, library)),
    problems: named.filter((one) => !known.includes(one)).map((one) => unknownWord(one, library)),
  };
}

/** The entries of the folder with those of the library; the library wins over leftovers of an unpacked bundle. */
export function withReadyHooks(entries: readonly SourceEntry[], ready: readonly SourceEntry[]): readonly SourceEntry[] {
  if (ready.length === 0) return entries;
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  for (const path of ['hooks', 'hooks/pkg']) if (!byPath.has(path)) byPath.set(path, { type: 'directory', path });
  for (const entry of ready) byPath.set(entry.path, entry);
  return [...byPath.values()].toSorted((a, b) => comparePaths(a.path, b.path));
}

type Named = { readonly word: string; readonly path: Problem['path']; readonly is: 'hook' | 'control program' };

function asHook({ word, path }: Omit<Named, 'is'>): Named {
  return { word, path, is: 'hook' };
}

function controlWords(manifest: Manifest): readonly Named[] {
  return Object.entries(manifest.services ?? {}).flatMap(([name, { control }]) =>
    control === undefined
      ? []
      : [{ word: control, path: ['services', name, 'control'], is: 'control program' as const }],
  );
}

function isReady({ word }: Named): boolean {
  return word.startsWith('pkg:');
}

function isKnown({ word, is }: Named, library: string): boolean {
  return namesOf(is, library).includes(nameOf(word));
}

/** What can be asked for by name: files without an ending; `control-…` are programs of services, the others hooks. */
function namesOf(is: Named['is'], library: string): readonly string[] {
  const programs = readdirSync(library).filter((name) => !name.includes('.'));
  return programs.filter((name) => name.startsWith('control-') === (is === 'control program')).toSorted();
}

/** `control-node-service.mjs` goes where `control-node` goes: a file with an ending belongs to the program it begins with. */
function companions(word: string, library: string): readonly string[] {
  const name = nameOf(word);
  const files = readdirSync(library).filter((file) => file.startsWith(`${name}.`) || file.startsWith(`${name}-`));
  return files.filter((file) => file.includes('.')).map((file) => `pkg:${file}`);
}

function libraryEntry(word: string, library: string): SourceEntry {
  const name = nameOf(word);
  return { type: 'file', path: hookPath(word), file: join(library, name), executable: !name.includes('.') };
}

function unknownWord({ word, path, is }: Named, library: string): Problem {
  const names = namesOf(is, library);
  const near = nearestWord(nameOf(word), names);
  const hint = near === null ? `there are ${names.join(', ')}` : `did you mean 'pkg:${near}'?`;
  return { path, at: 'value', message: `there is no ready-made ${is} '${word}'`, hint };
}

function nameOf(word: string): string {
  return word.slice('pkg:'.length);
}
