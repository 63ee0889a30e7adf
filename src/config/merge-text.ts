import { diff3Merge } from 'node-diff3';

/** Above these the merge library may take seconds to minutes (3,000 equal lines took it 20 s); a conflict is honest. */
const MAX_LINES = 20_000;
const MAX_REPEATS = 500;

/** The three-way merge of three texts, or null where it conflicts or a side is no text worth merging. */
export function mergeText(base: Buffer, mine: Buffer, theirs: Buffer): string | null {
  const sides = [mine, base, theirs].map(linesOf);
  if (sides.some((lines) => lines === null || isSlow(lines))) return null;
  const [a, o, b] = sides as [string[], string[], string[]];
  const regions = diff3Merge(a, o, b, { excludeFalseConflicts: true });
  if (regions.some((region) => region.conflict !== undefined)) return null;
  return regions.flatMap((region) => region.ok ?? []).join('\n');
}

function linesOf(content: Buffer): string[] | null {
  if (content.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content).split('\n');
  } catch {
    return null;
  }
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
