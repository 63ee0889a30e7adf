import type { Plan } from '../model/index.ts';

/** What a plan gives up for good, in words. Where there is anything, a yes has to be typed as a whole word. */
export function dangersOf({ pointOfNoReturn, wayBack, steps, overrides }: Plan): readonly string[] {
  const purged = steps.flatMap((step) => (step.kind === 'purge' ? [step.name] : []));
  return [
    ...(pointOfNoReturn === null ? [] : [`after step ${pointOfNoReturn} there is no undo`]),
    ...wayBack.loses.map((loss) => `cannot be brought back: ${loss}`),
    ...purged.map((name) => `data and configuration of ${name} are deleted for good`),
    ...overrides.flatMap((override) => ACCEPTED[override.split(' ')[0] ?? ''] ?? []),
  ];
}

/** Overrides that let something through which was refused for the sake of the data. */
const ACCEPTED: Readonly<Record<string, string>> = {
  force: 'a version lower than the installed one was not made to be gone back to',
  'one-way': 'there may be no way back',
  'accept-data-loss': 'data that the version gone to cannot read may be lost',
};
