import { compareVersions, type Facts, type Generation, sameContent } from '../model/index.ts';
import { isInPin } from './choose/find-bundles.ts';

/** What garbage collection depends on. */
export type Kept = {
  readonly generations: Facts['generations'];
  /** Number of the live generation. */
  readonly current: number | null;
  /** How many different good sets of bundles are kept. */
  readonly keep: number;
  /** Generations that carry a tag. */
  readonly tagged: readonly number[];
  /** Bundle name -> range it must stay in. */
  readonly pins: Facts['pins'];
  /** Every digest on disk, whether a generation names it or not. */
  readonly stored: readonly string[];
};

/** What may be deleted: generations that are no longer kept, and bundles that no kept generation has. */
export function collectable(kept: Kept): {
  readonly generations: readonly number[];
  readonly digests: readonly string[];
} {
  const stays = keptNumbers(kept);
  const isKept = (number: number) => stays.has(number);
  const held = new Set(
    kept.generations
      .filter(({ generation }) => isKept(generation.number))
      .flatMap(({ generation }) => generation.bundles.map((bundle) => bundle.digest)),
  );
  const numbers = kept.generations.map(({ generation }) => generation.number);
  return {
    generations: numbers.filter((number) => !isKept(number)).toSorted((a, b) => a - b),
    digests: [...new Set(kept.stored)].filter((digest) => !held.has(digest)).toSorted(),
  };
}

function keptNumbers({ generations, current, keep, tagged, pins }: Kept): ReadonlySet<number> {
  const newestFirst = generations.toSorted((a, b) => b.generation.number - a.generation.number);
  const numbersOf = (outcome: string) =>
    newestFirst.filter((one) => one.outcome === outcome).map(({ generation }) => generation.number);
  // A failed one is kept for analysis until the next commit makes a newer generation live.
  const bad = numbersOf('bad')
    .slice(0, 1)
    .filter((number) => number > (current ?? 0));
  const live = current === null ? [] : [current];
  return new Set([
    ...live,
    ...numbersOf('trial'),
    ...newestContents(newestFirst, keep),
    ...bad,
    ...tagged,
    ...pinned(newestFirst, pins),
  ]);
}

/** For each pin the newest generation with the highest version inside it: the only one that may still be chosen. */
function pinned(newestFirst: Facts['generations'], pins: Facts['pins']): readonly number[] {
  return Object.keys(pins).flatMap((name) => {
    const holding = newestFirst
      .filter(({ outcome }) => outcome === 'good')
      .flatMap(({ generation: { number, bundles } }) => bundles.map((id) => ({ number, id })))
      .filter(({ id }) => id.name === name && isInPin({ id }, { pins }));
    const [best] = holding.toSorted((a, b) => compareVersions(b.id.version, a.id.version));
    return best === undefined ? [] : [best.number];
  });
}

/** A rollback repeats what was there before; it must not push out the set that the next rollback goes to. */
function newestContents(newestFirst: Facts['generations'], keep: number): readonly number[] {
  const contents: Generation[] = [];
  return newestFirst.flatMap(({ generation, outcome }) => {
    if (outcome !== 'good') return [];
    if (!contents.some((one) => sameContent(one, generation))) contents.push(generation);
    return contents.length > keep ? [] : [generation.number];
  });
}
