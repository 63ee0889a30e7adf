import { bundleTitle, type Facts, type Generation, sameContent } from '../../model/index.ts';
import { refuse, refuseOne } from '../target.ts';

/** The generation a rollback goes to, or why there is none. */
export type RollbackTarget =
  | { readonly kind: 'generation'; readonly generation: Generation }
  | ReturnType<typeof refuse>;

/**
 * The generation named, or the newest good one before the live one with different content. What a rollback brought
 * back counts as its original, so a second rollback goes further back instead of forward again.
 */
export function rollbackTarget(facts: Facts, number: number | null): RollbackTarget {
  const generation =
    number === null ? ancestor(facts) : facts.generations.find((kept) => kept.generation.number === number)?.generation;
  if (generation === undefined) return notFound(number);
  const missing = generation.bundles.filter((bundle) => !facts.known.has(bundle.digest));
  if (missing.length > 0) {
    const causes = missing.map((bundle) => ({
      message: `${bundleTitle(bundle)} of generation ${generation.number} is no longer kept`,
    }));
    return refuse('no-such-generation', causes, 'pkg downgrade --force FILE, if you have the archive elsewhere');
  }
  return { kind: 'generation', generation };
}

/** Every generation is made from the live one, so its ancestors are the good ones with lower numbers. */
function ancestor({ current, generations }: Facts): Generation | undefined {
  if (current === null) return undefined;
  const start = current.restores ?? current.number;
  return generations
    .filter(
      ({ generation, outcome }) => outcome === 'good' && generation.number < start && !sameContent(generation, current),
    )
    .toSorted((a, b) => b.generation.number - a.generation.number)[0]?.generation;
}

function notFound(number: number | null): RollbackTarget {
  if (number !== null) {
    return refuseOne(
      'no-such-generation',
      `generation ${number} does not exist or is no longer kept`,
      'pkg history shows what there is',
    );
  }
  return refuseOne(
    'no-way-back',
    'there is no earlier good generation with different bundles',
    'pkg history shows what there is',
  );
}
