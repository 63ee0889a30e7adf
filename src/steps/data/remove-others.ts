import fs from 'node:fs';
import { makeWritable, nameBelow, removeTree } from '../../system/index.ts';

/** Removes from `folder` what `model` does not have, or has as something else, such as a file where there was a link. */
export function removeOthers(folder: string, model: string): void {
  const pairs: { readonly here: Buffer; readonly there: Buffer }[] = [
    { here: Buffer.from(folder), there: Buffer.from(model) },
  ];
  for (const { here, there } of pairs) {
    makeWritable(here);
    for (const { name } of fs.readdirSync(here, { withFileTypes: true, encoding: 'buffer' })) {
      const pair = { here: nameBelow(here, name), there: nameBelow(there, name) };
      const kind = kindOf(pair.here);
      if (kind !== kindOf(pair.there)) removeTree(pair.here);
      else if (kind === DIRECTORY) pairs.push(pair);
    }
  }
}

const DIRECTORY = fs.constants.S_IFDIR;

function kindOf(file: Buffer): number | null {
  const found = fs.lstatSync(file, { throwIfNoEntry: false });
  return found === undefined ? null : found.mode & fs.constants.S_IFMT;
}
