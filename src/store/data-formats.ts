import fs from 'node:fs';
import { PkgError } from '../error.ts';
import { writeDurably } from '../system/index.ts';
import type { Layout } from './layout.ts';

/** Bundle -> format of its data on disk, where one was noted. */
export function readDataFormats(layout: Layout): ReadonlyMap<string, number> {
  let text: string;
  try {
    text = fs.readFileSync(layout.dataFormats, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw new PkgError('system-failed', `cannot read ${layout.dataFormats}`, { cause: error });
  }
  try {
    return parsed(text);
  } catch (cause) {
    throw new PkgError('root-damaged', `${layout.dataFormats} does not say which format the data of each bundle has`, {
      hint: 'pkg verify --repair; by hand it is written like this: {"web":2}',
      cause,
    });
  }
}

/** Notes the format of one bundle's data; null forgets it. */
export function noteDataFormat(layout: Layout, bundle: string, format: number | null): void {
  noteDataFormats(layout, { [bundle]: format });
}

/** The same for several bundles, all of them or none. */
export function noteDataFormats(layout: Layout, noted: Readonly<Record<string, number | null>>): void {
  const formats = new Map(readDataFormats(layout));
  const news = Object.entries(noted).filter(([bundle, format]) => (formats.get(bundle) ?? null) !== format);
  if (news.length === 0) return;
  for (const [bundle, format] of news) {
    if (format === null) formats.delete(bundle);
    else formats.set(bundle, format);
  }
  writeDataFormats(layout, formats);
}

/** Writes the note anew, whatever was there. */
export function writeDataFormats(layout: Layout, formats: ReadonlyMap<string, number>): void {
  writeDurably(layout.dataFormats, `${JSON.stringify(Object.fromEntries(formats))}\n`);
}

function parsed(text: string): ReadonlyMap<string, number> {
  const formats = Object.entries(JSON.parse(text) as Record<string, number>);
  if (formats.every(([, format]) => Number.isInteger(format))) return new Map(formats);
  throw new TypeError('a format is a whole number');
}
