import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../error.ts';
import type { ConfigFile } from '../model/index.ts';
import { fillTemplate, type TemplateValues } from './fill-template.ts';
import { type Entries, type Entry, readEntry } from './revision-entry.ts';

/** What becomes of an edited file when a new one comes, as the bundle declares it. */
export type How = NonNullable<ConfigFile['merge']>;

/** Who a file belongs to. */
export type Owner = { readonly uid: number; readonly gid: number };

/** What is needed to turn the files of a bundle into those that an operator edits. */
export type Shipping = TemplateValues & {
  /** The owner of that name; null leaves the file to the user who runs pkg. */
  owner(name: string): Owner | null;
};

/** `etc/app.conf` of a bundle is edited as `current/etc/NAME/app.conf`. */
export function configName(file: string): string {
  return file.replace(/^etc\//, '');
}

/** The configuration that a bundle ships, from its unpacked `folder`: templates filled in, mode and owner as declared. */
export function shippedEntries(folder: string, files: readonly ConfigFile[], shipping: Shipping): Entries {
  return new Map(files.flatMap((file) => entriesOf(folder, file, shipping)));
}

/** How each configuration file of a bundle is merged. */
export function howOf(files: readonly ConfigFile[]): ReadonlyMap<string, How> {
  return new Map(files.map((file) => [configName(file.path), file.merge ?? 'three-way']));
}

function entriesOf(folder: string, file: ConfigFile, shipping: Shipping): readonly (readonly [string, Entry])[] {
  const entry = readEntry(path.join(folder, file.path));
  if (entry === undefined) return [];
  const owner = file.owner === undefined ? null : shipping.owner(file.owner);
  const mode = Number.parseInt(file.mode ?? '0644', 8);
  const whole = { ...entry, ...owner, mode };
  return [
    [configName(file.path), file.template === true ? filled(whole, path.join(folder, file.path), shipping) : whole],
  ];
}

function filled(entry: Entry, file: string, shipping: Shipping): Entry {
  if (entry.link !== null) {
    throw new PkgError('config-unusable', `cannot fill in ${file}: a template is a file, not a link`);
  }
  const { content, isSecret } = fillTemplate(fs.readFileSync(file), file, shipping);
  const bytes = { ...entry, content: { bytes: content } };
  return isSecret ? { ...bytes, mode: 0o600, isSecret } : bytes;
}
