import { bytesOf, type Entry } from '../../config/index.ts';

/** A file or link as text to be shown: empty where it is not there, null where it is no text or too large. */
export function entryText(entry: Entry | undefined): string | null {
  if (entry === undefined) return '';
  if (entry.link !== null) return `-> ${entry.link}\n`;
  const bytes = bytesOf(entry);
  if (bytes === null || bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
