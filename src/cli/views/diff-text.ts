import type { diff } from '../../operations/look/diff.ts';

type Found = Awaited<ReturnType<typeof diff>>;

/** What differs between two generations, a bundle or file on each line. */
export function diffLines({ bundles, files }: Found): readonly string[] {
  return [
    ...bundles.map(
      ({ name, from, to, direction }) =>
        `${direction.padEnd(8)}  ${name}  ${[from, to].filter((version) => version !== null).join(' -> ')}`,
    ),
    ...(files ?? []).map(({ bundle, path, change }) => `${change.padEnd(8)}  ${bundle}: ${path}`),
  ];
}
