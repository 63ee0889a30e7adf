import { gzipSync } from 'node:zlib';
import type { Rule } from '../../../src/bundle/archive/rules.ts';
import { archiveOf, bundleJson, file, goodBundle, link, type Part, type Row, tarOf } from '../../bundle/raw-archive.ts';

/** An archive that is hostile or odd, and what must become of it. */
export type ArchiveCase = {
  readonly title: string;
  /** The one rule that it breaks; `accepted` when it is only odd. */
  readonly verdict: Rule | 'accepted';
  make(): Buffer;
};

export type Verdict = ArchiveCase['verdict'];

type Bundle = ReturnType<typeof goodBundle>;

/** The good bundle with something done to it. */
export function bent(title: string, verdict: Verdict, bend: (bundle: Bundle) => void): ArchiveCase {
  return { title, verdict, make: () => archiveOf(bend) };
}

/** Bytes instead of the tar of the good bundle, compressed. */
export function packed(title: string, verdict: Verdict, change: (tar: Buffer) => Buffer): ArchiveCase {
  const { manifest, files, parts } = goodBundle();
  return { title, verdict, make: () => gzipSync(change(tarOf(bundleJson(manifest, files), parts))) };
}

/** Bytes instead of the whole archive of the good bundle. */
export function raw(title: string, verdict: Verdict, change: (archive: Buffer) => Buffer): ArchiveCase {
  return { title, verdict, make: () => change(archiveOf()) };
}

/** Changes the entry of this name in the archive, and leaves the table alone. */
export function changePart(name: string, change: Partial<Part>): (bundle: Bundle) => void {
  return (bundle) => {
    bundle.parts = bundle.parts.map((part) => (part.name === name ? { ...part, ...change } : part));
  };
}

/** Changes the row of this path in the table, and leaves the archive alone. */
export function changeRow(path: string, change: Row): (bundle: Bundle) => void {
  return (bundle) => {
    bundle.files = bundle.files.map((row) => (row['path'] === path ? { ...row, ...change } : row));
  };
}

/** Puts parts before the entry of this name. */
export function putBefore(name: string, ...parts: readonly Part[]): (bundle: Bundle) => void {
  return (bundle) => {
    bundle.parts = bundle.parts.flatMap((part) => (part.name === name ? [...parts, part] : [part]));
  };
}

/** A file that stands in table and archive. */
export function addFile(path: string): (bundle: Bundle) => void {
  return (bundle) => add(bundle, file(path, 'x'));
}

/** A symbolic link that stands in table and archive. */
export function addLink(path: string, target: string): (bundle: Bundle) => void {
  return (bundle) => add(bundle, link(path, target));
}

/** Entries that stand in table and archive, at their end. */
export function addParts(...entries: readonly { readonly row: Row; readonly part: Part }[]): (bundle: Bundle) => void {
  return (bundle) => {
    for (const entry of entries) add(bundle, entry);
  };
}

/** A name as it can stand in the title of a test. */
export function shown(text: string): string {
  return text.length > 40 ? `${JSON.stringify(text.slice(0, 20))}… (${text.length})` : JSON.stringify(text);
}

function add(bundle: Bundle, { row, part }: { readonly row: Row; readonly part: Part }): void {
  bundle.files.push(row);
  bundle.parts.push(part);
}
