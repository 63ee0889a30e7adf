import { hasMarks, mergeWithMarks } from '../../config/index.ts';
import type { ConfigConflict } from '../session.ts';

/** The differences from the operator's side to the new one; null where a side is no text. */
export async function conflictDiff({ file, mine, theirs }: ConfigConflict): Promise<string | null> {
  const [before, after] = [textOf(mine), textOf(theirs)];
  if (before === null || after === null) return null;
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import('diff');
  const patch = createTwoFilesPatch(`${file} (yours)`, `${file} (new)`, before, after, '', '', {
    headerOptions: FILE_HEADERS_ONLY,
  });
  return patch.trimEnd();
}

/** Both sides in one text, with marks around conflicts; null if a side is not text. */
export function markedMerge({ base, mine, theirs }: ConfigConflict): Buffer | null {
  // Without a base everything conflicts, which marks show as well.
  const text = mergeWithMarks(base ?? Buffer.alloc(0), mine, theirs);
  return text === null ? null : Buffer.from(text);
}

/** Whether conflict marks are left in a text. */
export function isUndecided(text: Buffer): boolean {
  return hasMarks(text);
}

function textOf(content: Buffer | null): string | null {
  return content === null || content.includes(0) ? null : content.toString('utf8');
}
