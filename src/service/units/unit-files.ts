import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../../error.ts';
import type { Launch } from '../../model/index.ts';
import { readText, syncFolder, writeDurably } from '../../system/index.ts';

/** Managers that keep services by files of their own, and so bring them back after a boot. */
export type UnitManager = 'systemd' | 'runit';

/** A `text` of null: this file must not be there. */
export type UnitFile = { readonly path: string; readonly text: string | null; readonly mode: number };

/** What a manager must find on disk to keep one service. The first file says whose it is. */
export type Unit = {
  readonly manager: UnitManager;
  readonly name: string;
  readonly root: string;
  /** Whether it shall come up after a boot; decided once, when it is new. */
  readonly isEnabled: boolean;
  readonly files: readonly [UnitFile & { readonly text: string }, ...UnitFile[]];
};

/** The line by which a unit is known as ours, and as that of this root. */
export function unitMark(root: string): string {
  return `# made by pkg for ${root}`;
}

/** The root that the service belongs to. */
export function rootOf({ runFile }: Launch): string {
  return path.dirname(path.dirname(runFile));
}

/** Whether somebody has written a unit of this name. */
export function isThere({ files: [main] }: Pick<Unit, 'files'>): boolean {
  return fs.existsSync(main.path);
}

type Placed = { readonly root: string; readonly files: readonly [Pick<UnitFile, 'path'>, ...unknown[]] };

/** Whether a unit of this name is there that this root has not made: it is never touched. */
export function isForeign({ root, files: [main] }: Placed): boolean {
  const text = readText(main.path);
  return text === null ? fs.existsSync(main.path) : !isMarked(text, root);
}

/** Whether this text of a unit says that this root has made it. */
export function isMarked(text: string, root: string): boolean {
  return text.split('\n', 3).includes(unitMark(root));
}

/** Whether every file holds exactly what it should, and is one that only its owner may have made so. */
export function isInPlace({ files }: Unit): boolean {
  return files.every(({ path: file, text, mode }) => {
    const stat = fs.lstatSync(file, { throwIfNoEntry: false });
    if (text === null || stat === undefined) return text === null && stat === undefined;
    return stat.isFile() && (stat.mode & 0o7777) === mode && readText(file) === text;
  });
}

/** Refuses to touch units that somebody else has made. */
export function refuseForeign(units: readonly Unit[]): void {
  const foreign = units.find(isForeign);
  if (foreign === undefined) return;
  const [main] = foreign.files;
  throw new PkgError('clash', `cannot write ${main.path}: a unit that pkg did not make for ${foreign.root} is there`, {
    hint: 'move it away, then try again',
  });
}

/** Puts one file in place durably, or takes it away; its folder may be new. */
export function writeUnitFile({ path: file, text, mode }: UnitFile): void {
  if (text === null) return removeUnitFile(file);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  writeDurably(file, text, mode);
}

/** Removes one file; absent is fine. */
export function removeUnitFile(file: string): void {
  if (!fs.existsSync(file)) return;
  fs.rmSync(file);
  syncFolder(path.dirname(file));
}
