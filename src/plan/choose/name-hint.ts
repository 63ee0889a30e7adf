import { nearestWord } from '../../model/index.ts';

/** The name that was probably meant by the first word that is none, else where to look names up. */
export function nameHint(words: readonly string[], names: Iterable<string>, otherwise: string): string {
  // Of two that are equally near the same one is named, wherever they were found first.
  const known = [...new Set(names)].toSorted();
  const wrong = words.find((word) => !known.includes(word));
  const near = wrong === undefined ? null : nearestWord(wrong, known);
  return near === null ? otherwise : `did you mean ${near}?`;
}
