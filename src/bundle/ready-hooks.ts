import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type HookEntry, type Hooks, hookPath, type Manifest, nearestWord, oppositeHook } from '../model/index.ts';
import type { SourceEntry } from './collect-files.ts';
import { comparePaths } from './entry-path.ts';
import type { Problem } from './manifest-source.ts';

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

/** The ready-made hooks a manifest asks for and their opposites, as entries from the library. */
export function readyHooks(
  manifest: Manifest,
  library: string,
): { readonly entries: readonly SourceEntry[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const wanted = new Set<string>();
  for (const { word, path } of hookWords(manifest.hooks)) {
    if (!word.startsWith('pkg:')) continue;
    wanted.add(word);
    const opposite = oppositeHook(word);
    if (opposite !== null) wanted.add(opposite);
    if (!isFile(inLibrary(library, word))) problems.push(unknownHook(word, path, library));
  }
  const files = [...wanted].filter((word) => isFile(inLibrary(library, word)));
  return {
    entries: files.map((word) => ({
      type: 'file',
      path: hookPath(word),
      file: inLibrary(library, word),
      executable: true,
    })),
    problems,
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

function unknownHook(word: string, path: Problem['path'], library: string): Problem {
  const names = readdirSync(library).toSorted();
  const near = nearestWord(word.slice('pkg:'.length), names);
  const hint = near === null ? `there are ${names.join(', ')}` : `did you mean 'pkg:${near}'?`;
  return { path, at: 'value', message: `there is no ready-made hook '${word}'`, hint };
}

function inLibrary(library: string, word: string): string {
  return join(library, word.slice('pkg:'.length));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
