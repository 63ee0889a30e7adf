import type { BundleSettings, Facts, Request, Settings } from '../../model/index.ts';
import type { Member } from '../member.ts';
import { type Resolved, resolveSettings } from './resolve.ts';

/** A member with its settings in the generation asked for. */
export type Settled = {
  readonly member: Member;
  readonly resolved: Resolved;
  /** Where they start from: the present values, or on the way back those of then. */
  readonly before: BundleSettings;
  /** The present values; null if there never were any. */
  readonly live: BundleSettings | null;
};

/** The generation whose settings are the starting point: on the way back that of the generation gone back to. */
export function settingsBase(facts: Facts, restores: number | null): number | null {
  return restores ?? facts.current?.number ?? null;
}

/** The settings of every member that declares some; a bundle that replaces another takes over its answers. */
export function settleSettings(
  request: Request,
  facts: Facts,
  to: { readonly members: readonly Member[]; readonly restores: number | null },
  replacedBy: (member: Member) => string | null,
): readonly Settled[] {
  const at = (number: number | null): Settings => facts.settings.get(number ?? 0) ?? {};
  const base = at(settingsBase(facts, to.restores));
  const current = at(facts.current?.number ?? null);
  return to.members
    .filter(({ manifest }) => Object.keys(manifest.settings ?? {}).length > 0)
    .map((member) => {
      const { name } = member.id;
      const former = replacedBy(member) ?? name;
      const before = base[name] ?? base[former] ?? {};
      const live = current[name] ?? current[former] ?? null;
      return { member, before, live, resolved: resolveSettings(member.manifest, request.settings[name] ?? {}, before) };
    });
}

/** The values alone, as they are written into the generation. */
export function settingsOf(settled: readonly Settled[]): Settings {
  return Object.fromEntries(settled.map(({ member, resolved }) => [member.id.name, resolved.values]));
}

/** Whether both have the same keys with the same values. */
export function sameSettings(a: BundleSettings, b: BundleSettings): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
