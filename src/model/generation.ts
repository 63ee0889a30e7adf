import type { InstalledBundle } from './bundle.ts';

/** An immutable numbered set of exact bundles. `restores` is the generation a rollback went back to. */
export type Generation = {
  readonly formatVersion: '1';
  readonly number: number;
  readonly parent: number | null;
  readonly restores?: number;
  readonly createdAt: string;
  /** Sorted by name. */
  readonly bundles: readonly InstalledBundle[];
  /** Bundle name -> its revision folder below `config/NAME/`, for bundles with configuration. */
  readonly config: Readonly<Record<string, string>>;
};

/** Whether two generations hold the same bundles, whatever their numbers. */
export function sameContent(a: Pick<Generation, 'bundles'>, b: Pick<Generation, 'bundles'>): boolean {
  return contentKey(a) === contentKey(b);
}

function contentKey(generation: Pick<Generation, 'bundles'>): string {
  return generation.bundles
    .map((bundle) => `${bundle.name} ${bundle.version} ${bundle.digest}`)
    .toSorted()
    .join('\n');
}
