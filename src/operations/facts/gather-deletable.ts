import fs from 'node:fs';
import type { Deletable, Facts, Request } from '../../model/index.ts';
import { type Layout, leftBehind } from '../../store/index.ts';
import { measureTree } from '../../system/index.ts';

/** What a purge would delete of installed or removed bundles; reads nothing if no purge is asked for. */
export function gatherDeletable(request: Request, { current }: Facts, layout: Layout): Facts['deletable'] {
  if ((request.kind !== 'remove' && request.kind !== 'autoremove') || !request.purge) return new Map();
  const installed = current?.bundles.map(({ name }) => name) ?? [];
  const asked = request.kind === 'remove' ? request.names : [];
  const left = leftBehind(layout, installed).flatMap(({ name }) => (asked.includes(name) ? [name] : []));
  const names = [...installed, ...left];
  return new Map(
    names.map((name) => [
      name,
      [...deletable('data', layout.dataOf(name)), ...deletable('configuration', layout.configOf(name))],
    ]),
  );
}

function deletable(what: Deletable['what'], path: string): readonly Deletable[] {
  const found = fs.lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (found.isSymbolicLink()) return [{ what, path, bytes: 0, entries: 0, leadsTo: fs.readlinkSync(path) }];
  return [{ what, path, ...measureTree(path), leadsTo: null }];
}
