import { hideSecrets, SECRET } from '../../model/index.ts';

/** Two texts, each null if it cannot be shown, and the secrets in them. */
export type PatchSides = {
  readonly before: string | null;
  readonly after: string | null;
  readonly secrets: readonly string[];
};

/** The differences between two texts as `diff -u` shows them, with *** for secrets; null if a side is not text. */
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

/** What precedes a secret in its line: if that line was changed by hand, another secret follows it. */
function secretPlaces(lines: readonly string[], secrets: readonly string[]): readonly string[] {
  return lines.flatMap((line) => {
    const at = Math.min(...secrets.map((secret) => line.indexOf(secret)).filter((found) => found >= 0));
    return Number.isFinite(at) ? [line.slice(0, at)] : [];
  });
}

/** If a secret fills a whole line, any changed line could be one. */
function masked(line: string, places: readonly string[], secrets: readonly string[]): string {
  const [sign, text] = [line.slice(0, 1), line.slice(1)];
  const known = hideSecrets(text, secrets);
  if (known !== text || !' +-'.includes(sign)) return sign + known;
  const place = places.find((before) => text.startsWith(before) && (before.trim() !== '' || sign !== ' '));
  return place === undefined || text === place ? line : `${sign}${place}${SECRET}`;
}
