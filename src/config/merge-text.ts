import { diff3Merge } from 'node-diff3';

/** Above these the merge library may take minutes (20 s for 3,000 equal lines); a conflict is better than a wait. */
const MAX_LINES = 20_000;
const MAX_REPEATS = 500;

/** The three-way merge of three texts, or null where it conflicts or a side is no text worth merging. */
export function mergeTexts(base: Buffer | null, mine: Buffer | null, theirs: Buffer | null): string | null {
  const regions = mergeRegions(base, mine, theirs);
  if (regions === null || regions.parts.some((part) => 'mine' in part)) return null;
  return regions.parts.flatMap((part) => ('both' in part ? part.both : [])).join(regions.lineEnd);
}

/** The same with both sides of each conflict between marks, for an editor; null where a side is no text. */
export function mergeWithMarks(base: Buffer | null, mine: Buffer | null, theirs: Buffer | null): string | null {
  const regions = mergeRegions(base, mine, theirs);
  if (regions === null) return null;
  const lines = regions.parts.flatMap((part) =>
    'both' in part ? part.both : [MARKS.mine, ...part.mine, MARKS.between, ...part.theirs, MARKS.theirs],
  );
  return lines.join(regions.lineEnd);
}

/** Whether a text still has conflict marks in it. */
export function hasMarks(text: Buffer): boolean {
  const lines = text.toString('utf8').split(/\r?\n/);
  return lines.includes(MARKS.mine) || lines.includes(MARKS.theirs);
}

const MARKS = { mine: '<<<<<<< yours', between: '=======', theirs: '>>>>>>> new' } as const;

type Part =
  | { readonly both: readonly string[] }
  | { readonly mine: readonly string[]; readonly theirs: readonly string[] };

function mergeRegions(base: Buffer | null, mine: Buffer | null, theirs: Buffer | null) {
  const texts = [mine, base, theirs].map(decode);
  const [a, o, b] = texts;
  if (typeof a !== 'string' || typeof o !== 'string' || typeof b !== 'string') return null;
  // An editor that converts all line ends changes every line, but the operator meant no change.
  const isTurned = isAll(a) !== isAll(o) && isAll(o) === isAll(b) && !isMixed(a) && !isMixed(o) && !isMixed(b);
  const lineEnd = isTurned && isAll(a) ? '\r\n' : '\n';
  const [mineLines, baseLines, theirLines] = [a, o, b].map((text) => text.split(isTurned ? /\r?\n/ : '\n'));
  if (mineLines === undefined || baseLines === undefined || theirLines === undefined) return null;
  if ([mineLines, baseLines, theirLines].some(isSlow)) return null;
  const regions = diff3Merge(mineLines, baseLines, theirLines, { excludeFalseConflicts: true });
  const parts = regions.map(
    ({ ok, conflict }): Part =>
      conflict === undefined ? { both: ok ?? [] } : { mine: conflict.a, theirs: conflict.b },
  );
  return { parts, lineEnd };
}

function decode(content: Buffer | null): string | null {
  if (content === null || content.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return null;
  }
}

/** Every line ends with CR LF. */
function isAll(text: string): boolean {
  return text.includes('\r\n') && !/(^|[^\r])\n/.test(text);
}

/** Some lines end with CR LF, and some do not. */
function isMixed(text: string): boolean {
  return text.includes('\r\n') && /(^|[^\r])\n/.test(text);
}

function isSlow(lines: readonly string[]): boolean {
  if (lines.length > MAX_LINES) return true;
  const seen = new Map<string, number>();
  for (const line of lines) {
    const count = (seen.get(line) ?? 0) + 1;
    if (count > MAX_REPEATS) return true;
    seen.set(line, count);
  }
  return false;
}
