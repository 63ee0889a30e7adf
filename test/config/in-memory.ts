import type { Entries, Entry } from '../../src/config/index.ts';

/** Files as an operator thinks of them: path -> text. */
export type Files = Readonly<Record<string, string>>;

export function entriesOf(files: Files): Entries {
  return new Map(
    Object.entries(files).map(([name, text]): [string, Entry] => [
      name,
      { content: { bytes: Buffer.from(text) }, link: null, mode: 0o644, uid: 0, gid: 0 },
    ]),
  );
}

export function filesOf(entries: Entries): Files {
  const texts = [...entries].map(([name, { content }]) => [
    name,
    content !== null && 'bytes' in content ? content.bytes.toString('utf8') : '',
  ]);
  return Object.fromEntries(texts);
}
