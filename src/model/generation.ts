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
  /**
   * Bundle name -> the generation its settings were made for, for bundles with settings. The same number means the same
   * answers; the answers themselves are in `settings.json` beside it, which only its owner may read.
   */
  readonly settings?: Readonly<Record<string, string>>;
};

type Content = Pick<Generation, 'bundles' | 'settings'>;

/** Whether two generations hold the same bundles with the same settings, whatever their numbers. */
export function sameContent(a: Content, b: Content): boolean {
  return contentKey(a) === contentKey(b);
}

function contentKey({ bundles, settings }: Content): string {
  return bundles
    .map((bundle) => `${bundle.name} ${bundle.version} ${bundle.digest} ${settings?.[bundle.name] ?? ''}`)
    .toSorted()
    .join('\n');
}
