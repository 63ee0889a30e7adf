import { hideSecrets, SECRET } from '../../model/index.ts';

/** Two texts, null where a side is none that can be shown, and what nobody may read in them. */
export type PatchSides = {
  readonly before: string | null;
  readonly after: string | null;
  readonly secrets: readonly string[];
};

/** What differs between two texts, as `diff -u` says it, with *** for secrets; null where a side is no text. */
export async function patchOf(
  [a = '', b = '']: readonly string[],
  { before, after, secrets }: PatchSides,
): Promise<string | null> {
  if (before === null || after === null) return null;
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import('diff');
  const patch = createTwoFilesPatch(a, b, before, after, '', '', { headerOptions: FILE_HEADERS_ONLY }).trimEnd();
  const places = secretPlaces([...before.split('\n'), ...after.split('\n')], secrets);
  return patch
    .split('\n')
    .map((line, at) => (at < HEADER ? line : masked(line, places, secrets)))
    .join('\n');
}

const HEADER = 2;

/** What stands before a secret in its line: after it, whoever changed the line by hand has written another secret. */
function secretPlaces(lines: readonly string[], secrets: readonly string[]): readonly string[] {
  return lines.flatMap((line) => {
    const at = Math.min(...secrets.map((secret) => line.indexOf(secret)).filter((found) => found >= 0));
    return Number.isFinite(at) ? [line.slice(0, at)] : [];
  });
}

/** A secret of a line of its own could be any line that was changed. */
function masked(line: string, places: readonly string[], secrets: readonly string[]): string {
  const [sign, text] = [line.slice(0, 1), line.slice(1)];
  const known = hideSecrets(text, secrets);
  if (known !== text || !' +-'.includes(sign)) return sign + known;
  const place = places.find((before) => text.startsWith(before) && (before.trim() !== '' || sign !== ' '));
  return place === undefined || text === place ? line : `${sign}${place}${SECRET}`;
}
