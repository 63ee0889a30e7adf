import type { FileEntry } from '../../model/index.ts';
import { BreachError } from './breach-error.ts';
import { ByteReader } from './byte-reader.ts';
import type { Section } from './member-index.ts';
import { inflateMembers, type Source } from './read-member.ts';
import { expectEnd, type FileSink, readRows } from './read-rows.ts';
import { BLOCK } from './tar-block.ts';

/** Reads the rows that a section says it holds; nothing else may be in it. */
export async function readSection(
  source: Source,
  section: Pick<Section, 'members'>,
  rows: readonly FileEntry[],
  sink: FileSink,
): Promise<void> {
  const bytes = new ByteReader(withEndMark(inflateMembers(source, section.members)));
  try {
    await readRows(bytes, rows, sink);
    await expectEnd(bytes, rows.at(-1)?.path ?? 'bundle.json');
    if ((await bytes.some(1)) !== null)
      throw new BreachError('member-index', null, `at byte ${section.members[0]?.at}`);
  } finally {
    await bytes.close();
  }
}

// So that a section ends as an archive does: an entry that is missing is told from one that was cut.
async function* withEndMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* chunks;
  yield Buffer.alloc(BLOCK);
}
