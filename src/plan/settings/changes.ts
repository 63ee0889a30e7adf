import type { Plan, SettingChange } from '../../model/index.ts';
import type { Proposal } from '../proposal.ts';
import { type Settled, sameSettings, settingsBase } from './of-members.ts';

/** What the plan says of settings: the start and the changes; of a secret only that it changes. */
export function plannedSettings(proposal: Proposal): NonNullable<Plan['settings']> {
  const { settled, facts, target } = proposal;
  const base = settingsBase(facts, target.restores);
  return {
    // From where they are lost nothing is taken over.
    base: base !== null && facts.settings.has(base) ? base : null,
    changes: settled.flatMap(changesOf),
    secrets: settled.flatMap(({ member, before, resolved }) =>
      secretKeys(member)
        .filter((key) => before[key] !== resolved.values[key])
        .map((key) => `${member.id.name}.${key}`),
    ),
  };
}

function changesOf({ member, live, before, resolved }: Settled): readonly SettingChange[] {
  const keys = Object.keys(member.manifest.settings ?? {});
  const changed = keys.filter((key) => [before[key], live?.[key]].some((value) => value !== resolved.values[key]));
  return changed.map((key) => {
    const common = { bundle: member.id.name, key };
    if (secretKeys(member).includes(key)) return { ...common, from: null, to: null, secret: true };
    return { ...common, from: live?.[key] ?? null, to: resolved.values[key] ?? null, secret: false };
  });
}

function secretKeys({ manifest }: Settled['member']): readonly string[] {
  return Object.entries(manifest.settings ?? {})
    .filter(([, setting]) => setting.secret === true)
    .map(([key]) => key);
}

/** For each bundle with settings, the generation they were made for: this one if they differ from before. */
export function settingsRevisions(proposal: Proposal): Readonly<Record<string, string>> {
  const { settled, facts, target } = proposal;
  const from = settingsBase(facts, target.restores);
  const base = facts.generations.find(({ generation }) => generation.number === from)?.generation ?? facts.current;
  return Object.fromEntries(
    settled.map(({ member, before, resolved }) => {
      const { name } = member.id;
      const known = sameSettings(before, resolved.values) ? base?.settings?.[name] : undefined;
      return [name, known ?? String(facts.nextGeneration)];
    }),
  );
}
