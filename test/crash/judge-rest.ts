import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findHooks } from './find-hooks.ts';
import type { Place } from './place.ts';
import { runHere } from './program.ts';

/**
 * What is left of a run that is over and recovered, and should not be: processes, files for the moment, anything beside
 * the root and what hooks and links made outside, and after `gc` whatever no kept generation needs.
 */
export async function judgeRest(place: Place): Promise<readonly string[]> {
  const { root } = place;
  const processes = (await leftProcesses(root)).map((pid) => `process ${pid} is left`);
  const momentary = [...leftIn(root), ...names(place.temporary).map((name) => `left in TMPDIR: ${name}`)];
  const gc = await runHere(['--root', root, '--yes', 'gc']);
  const beside = names(path.dirname(root)).filter((name) => !['root', 'outside', 'lost+found'].includes(name));
  return [
    ...processes,
    ...momentary,
    ...(gc.exit === 0 ? [] : [`gc ended with ${gc.exit}: ${gc.stderr}`]),
    ...beside.map((name) => `made beside the root: ${name}`),
    ...unneeded(root).map((name) => `no kept generation needs ${name}`),
  ];
}

/** What carries the last output of a hook that was killed with the program needs a moment to end. */
async function leftProcesses(root: string): Promise<readonly number[]> {
  for (const deadline = performance.now() + 5_000; ; await pause(10)) {
    const left = findHooks(root);
    if (left.length === 0 || performance.now() > deadline) return left;
  }
}

function leftIn(root: string): readonly string[] {
  const scratches = names(path.join(root, 'transactions')).map((id) => `transactions/${id}/scratch`);
  const left = ['tmp', 'trash', ...scratches].flatMap((folder) =>
    names(path.join(root, folder)).map((name) => `${folder}/${name}`),
  );
  return left.map((name) => `left over: ${name}`);
}

type Kept = {
  readonly bundles: readonly { readonly name: string; readonly version: string; readonly digest: string }[];
  readonly config: Readonly<{ [name: string]: string }>;
};

/** What takes space in the store, the archives and the configuration, and no generation on the disk names. */
function unneeded(root: string): readonly string[] {
  const records = names(path.join(root, 'generations')).map(
    (number) => JSON.parse(fs.readFileSync(path.join(root, 'generations', number, 'generation.json'), 'utf8')) as Kept,
  );
  const bundles = records.flatMap((record) =>
    record.bundles.map(({ name, version, digest }) => ({ name, folder: `${version}-${digest.slice(7, 19)}` })),
  );
  const needed = new Set([
    ...bundles.map(({ name, folder }) => `store/${name}/${folder}`),
    ...bundles.map(({ name, folder }) => `archives/${name}-${folder}.tgz`),
    ...records.flatMap(({ config }) => Object.entries(config).map(([name, revision]) => `config/${name}/${revision}`)),
    ...names(path.join(root, 'config')).map(
      (name) => `config/${name}/${newestRevision(path.join(root, 'config', name))}`,
    ),
  ]);
  const there = [
    ...inFolders(root, 'store'),
    ...names(path.join(root, 'archives')).map((name) => `archives/${name}`),
    ...inFolders(root, 'config'),
  ];
  return there.filter((name) => !needed.has(withoutMark(name)));
}

/** Configuration stays when its bundle goes, until it is purged. */
function newestRevision(folder: string): number {
  return Math.max(...names(folder).flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : [])));
}

function inFolders(root: string, folder: string): readonly string[] {
  return names(path.join(root, folder)).flatMap((name) =>
    names(path.join(root, folder, name)).map((inner) => `${folder}/${name}/${inner}`),
  );
}

/** Beside a version or revision stand marks of its own: `.sealed-2.0.0-…`, `.shipped-3`. */
function withoutMark(name: string): string {
  return name.replace(/\/\.[a-z]+-([^/]+)$/, '/$1');
}

function names(folder: string): readonly string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}
