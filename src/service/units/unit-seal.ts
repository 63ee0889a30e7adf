import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { readText } from '../../system/index.ts';
import { isMarked, type Unit, type UnitFile } from './unit-files.ts';

const SEAL = '# sum ';

/** The file with a last line by which it is known whether anybody has changed it since; to a manager it is a comment. */
export function sealed<F extends Pick<UnitFile, 'text'>>(file: F): F {
  return file.text === null ? file : { ...file, text: `${file.text}${SEAL}${sumOf(file.text)}\n` };
}

/** What is wrong with a file of a unit as it lies there; null also where that cannot be told, or not by us. */
export function damageOfUnitFile(
  unit: Unit,
  { path, text, mode }: UnitFile,
): 'missing' | 'type' | 'mode' | 'changed' | null {
  if (text === null) return null;
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 'missing';
  if (!stat.isFile()) return 'type';
  if ((stat.mode & 0o7777) !== mode) return 'mode';
  const there = readText(path);
  if (there === null) return null;
  const isOurs = path !== unit.files[0].path || isMarked(there, unit.root);
  return isOurs && isUnbroken(there) ? null : 'changed';
}

/** What an older pkg wrote has no seal that could be broken. */
function isUnbroken(text: string): boolean {
  const at = text.lastIndexOf(`\n${SEAL}`) + 1;
  return at === 0 || text.slice(at) === `${SEAL}${sumOf(text.slice(0, at))}\n`;
}

function sumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
