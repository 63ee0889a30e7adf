import fs from 'node:fs';
import { type Attributes, listAttributes, removeAttribute } from '../../system/index.ts';

/**
 * Removes extended attributes from what lies in `folder` that the same in `model` does not have; cp(1) only adds. Answers
 * how many files still have such ones.
 */
export async function removeOtherAttributes(folder: string, model: string): Promise<number> {
  // Another file system may have kept no attributes at all: that they are missing there says nothing.
  if (fs.statSync(folder).dev !== fs.statSync(model).dev) return 0;
  const wanted = await listAttributes(model);
  const others = await othersIn(folder, wanted);
  for (const [name, files] of others) await removeAttribute(name, files, folder);
  return others.size === 0 ? 0 : new Set([...(await othersIn(folder, wanted)).values()].flat()).size;
}

/** Name of an attribute -> files that have it and should not. */
async function othersIn(folder: string, wanted: Attributes | null): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = wanted === null ? null : await listAttributes(folder);
  const pairs = [...(found ?? [])].flatMap(([file, names]) =>
    names.filter((name) => wanted?.get(file)?.includes(name) !== true).map((name) => ({ name, file })),
  );
  return new Map(
    [...Map.groupBy(pairs, ({ name }) => name)].map(([name, those]) => [name, those.map(({ file }) => file)]),
  );
}
