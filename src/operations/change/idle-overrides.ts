import type { Facts, Manifest, Overrides, Plan } from '../../model/index.ts';
import { PROGRAMS } from './check-programs.ts';
import { membersOf } from './members-of.ts';

/** Warnings of overrides that name something no bundle of the change has: most likely mistyped. */
export function idleOverrides(overrides: Overrides, plan: Plan, facts: Facts): readonly string[] {
  const members = membersOf(plan, facts).map(({ manifest }) => manifest);
  const checks = new Set(members.flatMap(checkWords));
  const related = new Set(members.flatMap(({ name, depends }) => [name, ...Object.keys(depends ?? {})]));
  const purged = plan.steps.flatMap((step) => (step.kind === 'purge' ? [step.name] : []));
  const changing = new Set([...plan.changes.map(({ name }) => name), ...purged]);
  const idle = (names: readonly string[], known: ReadonlySet<string>, say: (name: string) => string) =>
    names.filter((name) => !known.has(name)).map(say);
  return [
    ...idle(overrides.skipChecks, checks, (name) => `--skip-check ${name}: no bundle of this change has such a check`),
    ...idle(
      overrides.ignoreDepends,
      related,
      (name) => `--ignore-depends ${name}: no bundle of this change has this name or needs it`,
    ),
    ...idle(overrides.acceptDataLoss, changing, (name) => `--accept-data-loss ${name}: no bundle of this name changes`),
  ];
}

/** A check is named alone or with its bundle: `suite`, `perl/suite`. */
function checkWords({ name, checks = [] }: Manifest): readonly string[] {
  return [...checks.map((check) => check.name), PROGRAMS].flatMap((check) => [check, `${name}/${check}`]);
}
