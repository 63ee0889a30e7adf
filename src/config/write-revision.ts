import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { ConfigFile } from '../model/index.ts';
import { flushPayload, removeTree, syncFolder } from '../system/index.ts';
import { conflict, decideFile, type Settled } from './decide-file.ts';
import { mergeText } from './merge-text.ts';

export type RevisionRequest = {
  /** Folder of the new revision, and of the untouched copy that later edits are measured against. */
  readonly into: string;
  readonly created: string;
  /** Where work in progress may lie, on the same file system. */
  readonly temp: string;
  /** What the operator edits now and what it looked like when it was made; null on first install. */
  readonly mine: { readonly now: string; readonly base: readonly Shipped[] } | null;
  readonly theirs: readonly Shipped[];
  /** Byte for byte `theirs`; what was edited since stays beside it with this suffix. */
  readonly exact: string | null;
  readonly policy: 'keep' | 'new';
};

/** One file as it comes: from the bundle, or from an older revision. */
export type Shipped = {
  readonly path: string;
  readonly file: string;
  readonly how: ConfigFile['merge'];
  readonly mode: number;
};

/** What happened to one file, for the operator. */
export type FileOutcome = {
  readonly path: string;
  readonly outcome: 'kept' | 'new' | 'merged' | 'conflict' | 'removed';
};

type Entry = {
  readonly content: Buffer | null;
  readonly link: string | null;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
};

/** `etc/app.conf` of a bundle is edited as `current/etc/NAME/app.conf`. */
export function configName(file: string): string {
  return file.replace(/^etc\//, '');
}

/** The configuration files that a bundle ships, from its unpacked `folder`. */
export function shippedFiles(folder: string, files: readonly ConfigFile[]): readonly Shipped[] {
  return files.map((file) => ({
    path: configName(file.path),
    file: path.join(folder, file.path),
    how: file.merge ?? 'three-way',
    mode: Number.parseInt(file.mode ?? '0644', 8),
  }));
}

/** The files of an older revision, to be gone back to. */
export function revisionFiles(folder: string): readonly Shipped[] {
  return [...readFolder(folder)].map(([name, entry]) => ({
    path: name,
    file: path.join(folder, name),
    how: 'three-way',
    mode: entry.mode,
  }));
}

/** Makes a new revision folder, complete and durable under its name or not there at all. */
export async function writeRevision(request: RevisionRequest): Promise<readonly FileOutcome[]> {
  removeTree(request.temp);
  const staged = path.join(request.temp, 'revision');
  const created = path.join(request.temp, 'created');
  fs.mkdirSync(staged, { recursive: true });
  fs.mkdirSync(created, { recursive: true });
  const mine = request.mine === null ? new Map<string, Entry>() : readFolder(request.mine.now);
  const base = readAll(request.mine?.base ?? []);
  const theirs = new Map(request.theirs.map((shipped) => [shipped.path, shipped]));
  const names = [...new Set([...mine.keys(), ...base.keys(), ...theirs.keys()])].toSorted();
  const outcomes = names.flatMap((name) => {
    const shipped = theirs.get(name);
    const sides = { base: base.get(name), mine: mine.get(name), theirs: shipped && readShipped(shipped) };
    const outcome =
      request.exact === null
        ? settle(staged, name, sides, shipped?.how, request.policy)
        : restore(staged, name, sides, request.exact);
    return outcome === null ? [] : [{ path: name, outcome }];
  });
  fs.cpSync(staged, created, { recursive: true, verbatimSymlinks: true });
  await flushPayload(request.temp);
  fs.mkdirSync(path.dirname(request.into), { recursive: true });
  removeTree(request.created);
  removeTree(request.into);
  fs.renameSync(created, request.created);
  fs.renameSync(staged, request.into);
  syncFolder(path.dirname(request.into));
  removeTree(request.temp);
  return outcomes;
}

type ThreeSides = {
  readonly base: Entry | undefined;
  readonly mine: Entry | undefined;
  readonly theirs: Entry | undefined;
};

function settle(
  folder: string,
  name: string,
  sides: ThreeSides,
  how: ConfigFile['merge'],
  policy: 'keep' | 'new',
): FileOutcome['outcome'] | null {
  const digests = { base: digest(sides.base), mine: digest(sides.mine), theirs: digest(sides.theirs) };
  const decision = decideFile(digests, how ?? 'three-way', policy);
  if (decision.take !== 'merge') return put(folder, name, sides, decision);
  const merged = mergeContents(sides);
  if (merged === null) return put(folder, name, sides, conflict(policy));
  write(folder, name, { ...(sides.mine as Entry), content: Buffer.from(merged), link: null });
  return 'merged';
}

function put(folder: string, name: string, sides: ThreeSides, decision: Settled): FileOutcome['outcome'] | null {
  const taken = decision.take === 'nothing' ? undefined : sides[decision.take];
  // A mode or owner that the operator chose stays, also on a file that otherwise follows the bundle.
  if (taken !== undefined) write(folder, name, decision.take === 'theirs' ? withChosenMode(taken, sides) : taken);
  if (decision.beside !== undefined) {
    const other = sides[decision.beside];
    if (other !== undefined) write(folder, `${name}.${decision.beside === 'theirs' ? 'pkg-new' : 'pkg-old'}`, other);
    return 'conflict';
  }
  if (decision.take === 'nothing') return sides.mine === undefined ? null : 'removed';
  return decision.take === 'mine' ? 'kept' : 'new';
}

function restore(folder: string, name: string, sides: ThreeSides, suffix: string): FileOutcome['outcome'] | null {
  if (sides.theirs !== undefined) write(folder, name, sides.theirs);
  const edited =
    sides.mine !== undefined &&
    digest(sides.mine) !== digest(sides.theirs) &&
    digest(sides.mine) !== digest(sides.base);
  if (edited && sides.mine !== undefined) write(folder, `${name}.${suffix}`, sides.mine);
  return edited ? 'conflict' : 'new';
}

function mergeContents(sides: ThreeSides): string | null {
  const contents = [sides.base, sides.mine, sides.theirs].map((side) => side?.content ?? null);
  const [base, mine, theirs] = contents;
  return base && mine && theirs ? mergeText(base, mine, theirs) : null;
}

function withChosenMode(theirs: Entry, { base, mine }: ThreeSides): Entry {
  if (base === undefined || mine === undefined) return theirs;
  return {
    ...theirs,
    mode: mine.mode === base.mode ? theirs.mode : mine.mode,
    uid: mine.uid,
    gid: mine.gid,
  };
}

function digest(entry: Entry | undefined): string | null {
  if (entry === undefined) return null;
  return (
    entry.link ??
    createHash('sha256')
      .update(entry.content ?? '')
      .digest('hex')
  );
}

function readAll(files: readonly Shipped[]): Map<string, Entry> {
  return new Map(
    files.flatMap((shipped) => {
      const entry = readShipped(shipped);
      return entry === undefined ? [] : [[shipped.path, entry] as const];
    }),
  );
}

function readShipped(shipped: Shipped): Entry | undefined {
  const entry = readEntry(shipped.file);
  return entry && { ...entry, mode: shipped.mode };
}

function readFolder(folder: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  if (!fs.existsSync(folder)) return entries;
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const entry = readEntry(path.join(folder, name));
    if (entry !== undefined) entries.set(name, entry);
  }
  return entries;
}

function readEntry(file: string): Entry | undefined {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined || stat.isDirectory()) return undefined;
  const common = { mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid };
  if (stat.isSymbolicLink()) return { ...common, content: null, link: fs.readlinkSync(file) };
  return { ...common, content: fs.readFileSync(file), link: null };
}

function write(folder: string, name: string, entry: Entry): void {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (entry.link !== null) {
    fs.symlinkSync(entry.link, file);
    return;
  }
  fs.writeFileSync(file, entry.content ?? '', { flag: 'wx' });
  fs.chmodSync(file, entry.mode);
  if (process.getuid?.() === 0) fs.chownSync(file, entry.uid, entry.gid);
}
