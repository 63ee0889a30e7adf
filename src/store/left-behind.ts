import fs from 'node:fs';
import type { Deletable } from '../model/index.ts';
import type { Layout } from './layout.ts';

/** What a bundle that was removed left below data/ and config/. */
export type LeftBehind = { readonly name: string; readonly what: readonly Deletable['what'][] };

/** Of every bundle that is not among the installed ones, by name. */
export function leftBehind(layout: Layout, installed: readonly string[]): readonly LeftBehind[] {
  const found = { data: dataNames(layout), configuration: bundleNames(layout.config) } as const;
  const names = [...new Set([...found.data, ...found.configuration])].filter((name) => !installed.includes(name));
  return names
    .toSorted()
    .map((name) => ({ name, what: (['data', 'configuration'] as const).filter((what) => found[what].includes(name)) }));
}

/** Names of bundles with a folder below data/, installed or not. */
export function dataNames({ data }: Layout): readonly string[] {
  // Where data/ is a disk of its own, its file system may have made this.
  return bundleNames(data).filter((name) => name !== 'lost+found');
}

/** Nothing else begins as a bundle does; copies that are made beside the data begin with a dot. */
function bundleNames(folder: string): readonly string[] {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder).filter((name) => /^[a-z0-9][a-z0-9._+-]*$/.test(name));
}
