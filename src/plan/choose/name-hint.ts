import { nearestWord } from '../../model/index.ts';

/** The name that was probably meant by the first unknown word, else where to look names up. */
export function nameHint(words: readonly string[], names: Iterable<string>, otherwise: string): string {
  // Sorted, so that of two equally near names it is always the same one.
  const known = [...new Set(names)].toSorted();
  const wrong = words.find((word) => !known.includes(word));
  const near = wrong === undefined ? null : nearestWord(wrong, known);
  return near === null ? otherwise : `did you mean ${near}?`;
}
