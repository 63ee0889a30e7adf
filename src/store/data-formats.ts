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
  const formats = new Map(readDataFormats(layout));
  if (formats.get(bundle) === (format ?? undefined)) return;
  if (format === null) formats.delete(bundle);
  else formats.set(bundle, format);
  writeDurably(layout.dataFormats, `${JSON.stringify(Object.fromEntries(formats))}\n`);
}
