import { bytesInWords } from './bytes-in-words.ts';

/** A folder that is deleted for good, and how much is in it. */
export type Deletable = {
  readonly what: 'data' | 'configuration';
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  readonly entries: number;
  /** `path` is a link to this folder, which stays. */
  readonly leadsTo: string | null;
};

/** `/srv/app/data/web (12 entries, 3.4 MB)`. */
export function deletableInWords({ path, bytes, entries, leadsTo }: Deletable): string {
  if (leadsTo !== null) return `the link ${path} (${leadsTo} itself stays)`;
  return `${path} (${entries === 0 ? 'empty' : `${entries} ${entries === 1 ? 'entry' : 'entries'}, ${bytesInWords(bytes)}`})`;
}
