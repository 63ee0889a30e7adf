import fs from 'node:fs';
import path from 'node:path';
import type { ConfigFile } from '../model/index.ts';
import { flushPayload, removeTree, syncFolder } from '../system/index.ts';
import { conflict, decideFile, type Settled } from './decide-file.ts';
import { mergeText } from './merge-text.ts';
import { digest, type Entry, readEntry, readFolder, writeEntry } from './revision-entry.ts';

export type RevisionRequest = {
  /** Folder of the new revision, and of the untouched copy that later edits are measured against. */
  readonly into: string;
  readonly created: string;
  /** Where what the bundle ships is kept, to merge with when the bundle itself is long gone. */
  readonly shipped: { readonly into: string; readonly files: readonly Shipped[] };
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
  const { entries, outcomes } = settleAll(request);
  if (holds(request.into, entries) && holds(request.created, entries)) return [];
  removeTree(request.temp);
  const folders = [
    { into: request.shipped.into, entries: readAll(request.shipped.files) },
    { into: request.created, entries },
    // Last: a revision that is there under its name is complete.
    { into: request.into, entries },
  ].map((folder, n) => ({ ...folder, staged: path.join(request.temp, String(n)) }));
  for (const folder of folders) {
    fs.mkdirSync(folder.staged, { recursive: true });
    for (const [name, entry] of folder.entries) writeEntry(folder.staged, name, entry);
  }
  await flushPayload(request.temp);
  fs.mkdirSync(path.dirname(request.into), { recursive: true });
  for (const { into } of folders.toReversed()) removeTree(into);
  for (const { staged, into } of folders) fs.renameSync(staged, into);
  syncFolder(path.dirname(request.into));
  removeTree(request.temp);
  return outcomes;
}

type Entries = Map<string, Entry>;

/** Whether a merge that is repeated came to what is there already. */
function holds(folder: string, entries: Entries): boolean {
  const there = readFolder(folder);
  if (!fs.existsSync(folder) || there.size !== entries.size) return false;
  return [...entries].every(([name, entry]) => digest(there.get(name)) === digest(entry));
}

function settleAll(request: RevisionRequest): { readonly entries: Entries; readonly outcomes: readonly FileOutcome[] } {
  const mine = request.mine === null ? new Map<string, Entry>() : readFolder(request.mine.now);
  const base = readAll(request.mine?.base ?? []);
  const theirs = new Map(request.theirs.map((shipped) => [shipped.path, shipped]));
  const entries: Entries = new Map();
  const names = [...new Set([...mine.keys(), ...base.keys(), ...theirs.keys()])].toSorted();
  const outcomes = names.flatMap((name): readonly FileOutcome[] => {
    // What lay beside a file from an earlier change gives way to what this change puts there.
    if (entries.has(name)) return [];
    const shipped = theirs.get(name);
    const sides = { base: base.get(name), mine: mine.get(name), theirs: shipped && readShipped(shipped) };
    const outcome =
      request.exact === null
        ? settle({ entries, reserved: mine, name, sides }, shipped?.how ?? 'three-way', request.policy)
        : restore({ entries, reserved: mine, name, sides }, request.exact);
    return outcome === null ? [] : [{ path: name, outcome }];
  });
  return { entries, outcomes };
}

type ThreeSides = {
  readonly base: Entry | undefined;
  readonly mine: Entry | undefined;
  readonly theirs: Entry | undefined;
};

/** One file, and the revision that is being put together; `reserved` = names the operator has files under. */
type Case = {
  readonly entries: Entries;
  readonly reserved: ReadonlyMap<string, Entry>;
  readonly name: string;
  readonly sides: ThreeSides;
};

function settle(
  one: Case,
  how: 'three-way' | 'keep' | 'replace',
  policy: 'keep' | 'new',
): FileOutcome['outcome'] | null {
  const { base, mine, theirs } = one.sides;
  const decision = decideFile({ base: digest(base), mine: digest(mine), theirs: digest(theirs) }, how, policy);
  if (decision.take !== 'merge') return put(one, decision);
  const merged = mergeContents(one.sides);
  if (merged === null || mine === undefined) return put(one, conflict(policy));
  one.entries.set(one.name, { ...mine, content: Buffer.from(merged), link: null });
  return 'merged';
}

function put(one: Case, decision: Settled): FileOutcome['outcome'] | null {
  const { entries, name, sides } = one;
  const taken = decision.take === 'nothing' ? undefined : sides[decision.take];
  // A mode or owner that the operator chose stays, also on a file that otherwise follows the bundle.
  if (taken !== undefined) entries.set(name, decision.take === 'theirs' ? withChosenMode(taken, sides) : taken);
  const beside = decision.beside && sides[decision.beside];
  if (beside !== undefined) {
    entries.set(decision.beside === 'theirs' ? `${name}.pkg-new` : freeName(one, 'pkg-old'), beside);
    return 'conflict';
  }
  if (decision.take === 'nothing') return sides.mine === undefined ? null : 'removed';
  return decision.take === 'mine' ? 'kept' : 'new';
}

function restore(one: Case, suffix: string): FileOutcome['outcome'] | null {
  const { entries, name } = one;
  const { base, mine, theirs } = one.sides;
  if (theirs !== undefined) entries.set(name, theirs);
  const isEdited = mine !== undefined && digest(mine) !== digest(theirs) && digest(mine) !== digest(base);
  if (isEdited) entries.set(freeName(one, suffix), mine);
  return isEdited ? 'conflict' : 'new';
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

/** An edit that was put aside before is never overwritten by the next one. */
function freeName({ entries, reserved, name }: Case, suffix: string): string {
  for (let n = 1; ; n++) {
    const candidate = `${name}.${suffix}${n === 1 ? '' : `.${n}`}`;
    if (!entries.has(candidate) && !reserved.has(candidate)) return candidate;
  }
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
