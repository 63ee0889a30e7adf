import { bundleTitle, type Direction, type Facts, type UpgradeClass, type UpgradeEntry } from '../../model/index.ts';
import type { Member } from '../member.ts';

/** One hop of one bundle between two versions, as declared or by default; null = absent. */
export type Hop = {
  readonly name: string;
  readonly from: Member | null;
  readonly to: Member | null;
  readonly direction: Direction;
  /** What it does to services that run; docs/upgrade-paths.md#classes. */
  readonly class: UpgradeClass;
  /** null where nothing is declared. */
  readonly entry: UpgradeEntry | null;
  /** Which of the two declares it; `base` = down to nothing and up from nothing. */
  readonly describedBy: 'from' | 'to' | 'default' | 'base';
};

/** A way that was looked at and not taken: titles such as `web 1.0.0`. */
export type Rejected = { readonly from: string; readonly to: string; readonly why: string };

/** The criteria by which ways are judged. */
export type Ground = Pick<Facts, 'current' | 'known' | 'platform' | 'services' | 'dataFormats'> & {
  /** Nothing that disturbs more is taken; absent or null = no limit. */
  readonly limit?: UpgradeClass | null;
  /** Bundles whose data may become unreadable. */
  readonly acceptDataLoss?: readonly string[];
};

/** Why the way between two versions was not taken. */
export function rejected(from: Member, to: Member, why: string): Rejected {
  return { from: bundleTitle(from.id), to: bundleTitle(to.id), why };
}

/** The hop of a bundle that comes. */
export function hopFromNothing(to: Member): Hop {
  return { name: to.id.name, from: null, to, direction: 'add', class: 'none', entry: null, describedBy: 'default' };
}

/** The hop of a bundle that leaves. */
export function hopToNothing(from: Member): Hop {
  const { name } = from.id;
  return { name, from, to: null, direction: 'remove', class: 'none', entry: null, describedBy: 'default' };
}

/** The newer of the two: only it knows what it changed. */
export function describerOf({ direction, from, to }: Hop): Member | null {
  return direction === 'down' ? from : to;
}
