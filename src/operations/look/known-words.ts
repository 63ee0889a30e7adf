import fs from 'node:fs';
import path from 'node:path';
import {
  generationNumbers,
  keptArchives,
  type Layout,
  leftBehind,
  openRoot,
  readGeneration,
  readPointer,
  readPolicy,
  storedFolders,
  transactionIds,
} from '../../store/index.ts';
import { unreadFolders } from './unread.ts';

/** The words one could type about a root, read quickly: from names on disk only, without the lock. */
export type KnownWords = {
  /** Bundle name -> its versions, installed or kept. */
  readonly versions: ReadonlyMap<string, ReadonlySet<string>>;
  readonly installed: ReadonlyMap<string, string>;
  /** Names that were removed while their data or configuration stayed. */
  readonly left: readonly string[];
  readonly generations: readonly number[];
  readonly tags: Readonly<Record<string, number>>;
  readonly transactions: readonly number[];
  readonly windows: readonly string[];
  readonly listeners: readonly string[];
  /** Commands of the live generation. */
  readonly commands: readonly string[];
};

const NOTHING: KnownWords = {
  versions: new Map(),
  installed: new Map(),
  left: [],
  generations: [],
  tags: {},
  transactions: [],
  windows: [],
  listeners: [],
  commands: [],
};

/** Everything below `root` that has a name; nothing where it cannot be read. */
export function knownWords(root: string): KnownWords {
  try {
    const layout = openRoot(root);
    return layout === null ? NOTHING : wordsOf(layout);
  } catch {
    return NOTHING;
  }
}

function wordsOf(layout: Layout): KnownWords {
  const versions = new Map<string, Set<string>>();
  const stored = storedFolders(layout);
  const unpacked = new Set(stored.map((folder) => `${folder.replace('/', '-')}.tgz`));
  const archives = keptArchives(layout).filter((file) => !unpacked.has(path.basename(file)));
  for (const folder of [...stored, ...archives.map(asFolder)]) {
    const [, name, version] = /^(.+)\/(.+)-[0-9a-f]{12}$/.exec(folder) ?? [];
    if (name !== undefined && version !== undefined) versions.set(name, (versions.get(name) ?? new Set()).add(version));
  }
  const installed = installedIn(layout);
  const { tags, windows, notify } = readPolicy(layout);
  return {
    versions,
    installed,
    left: leftBehind(layout, [...installed.keys()]).map(({ name }) => name),
    generations: generationNumbers(layout),
    tags,
    transactions: unreadFolders(layout).includes(layout.transactions) ? [] : transactionIds(layout),
    windows: Object.keys(windows),
    listeners: Object.keys(notify),
    commands: namesIn(path.join(layout.current, 'bin')),
  };
}

/** `archives/web-1.0.0-0123456789ab.tgz` -> `web/1.0.0-0123456789ab`: a version begins with three numbers. */
function asFolder(file: string): string {
  return path.basename(file, '.tgz').replace(/^(.+)-(?=\d+\.\d+\.\d+.*-[0-9a-f]{12}$)/, '$1/');
}

function installedIn(layout: Layout): ReadonlyMap<string, string> {
  const pointer = readPointer(layout);
  const generation = pointer.kind === 'generation' ? readGeneration(layout, pointer.number) : null;
  return new Map((generation?.bundles ?? []).map(({ name, version }) => [name, version]));
}

function namesIn(folder: string): readonly string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}
