import fs from 'node:fs';
import path from 'node:path';
import { digest, isBeside, readFolder } from '../../config/index.ts';
import type { Generation } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';

/** One file below `current/etc/NAME`, compared with what its bundle shipped. */
export type ConfigState = {
  readonly bundle: string;
  /** Relative to `current/etc/NAME`. */
  readonly file: string;
  /** Absolute, through `current`. */
  readonly path: string;
  readonly state: 'as-shipped' | 'edited' | 'deleted' | 'added' | 'waiting';
};

/** Every configuration file of one bundle, by name; `waiting` = put beside another for the operator to look at. */
export function configStates(layout: Layout, generation: Generation, name: string): readonly ConfigState[] {
  const revision = generation.config[name];
  if (revision === undefined) return [];
  const mine = readFolder(layout.configRevision(name, revision));
  const shipped = readFolder(shippedFolder(layout, name, revision));
  return [...new Set([...shipped.keys(), ...mine.keys()])].toSorted().map((file) => ({
    bundle: name,
    file,
    path: path.join(layout.current, 'etc', name, file),
    state: stateOf(file, digest(shipped.get(file)), digest(mine.get(file))),
  }));
}

/** What the bundle shipped for a revision; roots of an older pkg only kept how the revision was made. */
export function shippedFolder(layout: Layout, name: string, revision: string): string {
  const shipped = layout.configShipped(name, revision);
  return fs.existsSync(shipped) ? shipped : layout.configCreated(name, revision);
}

function stateOf(file: string, shipped: string | null, mine: string | null): ConfigState['state'] {
  if (mine === null) return 'deleted';
  if (shipped === null) return isBeside(file) ? 'waiting' : 'added';
  return mine === shipped ? 'as-shipped' : 'edited';
}
