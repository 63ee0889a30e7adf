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
    return new Map(Object.entries(JSON.parse(text) as Record<string, number>));
  } catch (cause) {
    throw new PkgError('root-damaged', `${layout.dataFormats} is not readable as JSON`, {
      hint: 'write into it which format the data of each bundle has, such as {"web":2}',
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
  writeDurably(layout.dataFormats, `${JSON.stringify(Object.fromEntries(formats))}\n`);
}
