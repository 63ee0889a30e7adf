import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeTree, type Tree } from './make-tree.ts';

/** Where everything happens: one folder, one file system, one tree of files. */
export type World = {
  readonly folder: string;
  readonly tree: Tree;
  readonly rounds: number;
  /** How often a running service goes up, and down again, under load. */
  readonly changes: number;
  /** The words that start the built program. */
  readonly pkg: readonly string[];
  readonly say: (text: string) => void;
};

const PROGRAM = fileURLToPath(new URL('../../dist/pkg.js', import.meta.url));
const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const FULL = { files: 20_000, largest: 130e6, changes: 20 };
const QUICK = { files: 2_000, largest: 2e6, changes: 3 };

/** Makes the world in a new folder below `below`, or of the temporary folder. */
export function makeWorld(o: { readonly quick: boolean; readonly below: string | undefined }): World {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: run npm run build`);
  const folder = mkdtempSync(join(o.below ?? tmpdir(), 'pkg-bench-'));
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  say(`making the tree in ${folder} …`);
  const size = o.quick ? QUICK : FULL;
  const tree = makeTree(join(folder, 'tree'), PACKAGES, size);
  return { folder, tree, rounds: 3, changes: size.changes, pkg: [process.execPath, PROGRAM], say };
}

/** A new empty folder of the world. */
export function newFolder(world: World, ...names: readonly string[]): string {
  const folder = join(world.folder, ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The numbers of the rounds, told as they begin. */
export function* rounds(world: World, what: string): Generator<number> {
  for (let round = 1; round <= world.rounds; round += 1) {
    world.say(`${what}, round ${round} of ${world.rounds} …`);
    yield round;
  }
}
