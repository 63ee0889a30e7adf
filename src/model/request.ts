import type { UpgradeClass } from './plan.ts';
import type { Client } from './preview.ts';
import type { Settings } from './settings.ts';

/** Narrow overrides; each says what it risks in docs/cli.md#overrides and is recorded in the history. */
export type Overrides = {
  /** `downgrade --force`: a lower version is intended, nothing else. */
  readonly lower: boolean;
  readonly ignoreDepends: readonly string[];
  readonly skipChecks: readonly string[];
  readonly acceptDrift: boolean;
  readonly acceptDataLoss: readonly string[];
  /** Go on although there is no way back. */
  readonly oneWay: boolean;
  /** Go on although no window is open. */
  readonly ignoreWindow: boolean;
};

export const NO_OVERRIDES: Overrides = {
  lower: false,
  ignoreDepends: [],
  skipChecks: [],
  acceptDrift: false,
  acceptDataLoss: [],
  oneWay: false,
  ignoreWindow: false,
};

/** How far a change may disturb running services; null = no limit. */
export type Limits = {
  readonly maxClass: UpgradeClass | null;
  /** Milliseconds. */
  readonly maxInterruption: number | null;
};

export const NO_LIMITS: Limits = { maxClass: null, maxInterruption: null };

export type ConfigPolicy = 'keep' | 'new' | 'ask';

/** What an operator asks for, with names already split from files. */
export type Request = {
  readonly command: string;
  readonly overrides: Overrides;
  /** Which side wins if the operator and a bundle changed the same lines; `ask` = the operator is asked beforehand. */
  readonly config: ConfigPolicy;
  readonly limits: Limits;
  /** Answers given for this change. */
  readonly settings: Settings;
  /** `NAME.KEY` of those that were typed on the command line, where everybody on the machine can read them. */
  readonly typed: readonly string[];
  /** The clients of a preview; absent without one. */
  readonly preview?: readonly Client[];
} & (
  | {
      /** Offered archives (`digests`, in the order given) and kept bundles by name. */
      readonly kind: 'install';
      readonly digests: readonly string[];
      readonly names: readonly NameRange[];
      readonly remove: readonly string[];
    }
  | { readonly kind: 'upgrade'; readonly names: readonly string[] }
  | {
      readonly kind: 'downgrade';
      readonly digests: readonly string[];
      readonly names: readonly NameRange[];
      readonly remove: readonly string[];
    }
  | {
      readonly kind: 'remove';
      readonly names: readonly string[];
      readonly all: boolean;
      readonly cascade: boolean;
      readonly unused: boolean;
      readonly purge: boolean;
      /** Stop running services of what is removed. */
      readonly stop: boolean;
    }
  | { readonly kind: 'autoremove'; readonly purge: boolean; readonly stop: boolean }
  | { readonly kind: 'rollback'; readonly generation: number | null; readonly exact: boolean }
  /** Only the settings of installed bundles, as given above. */
  | { readonly kind: 'settings' }
);

/** `web@>=1.2`: a name and perhaps a range or version. */
export type NameRange = { readonly name: string; readonly range: string | null };
