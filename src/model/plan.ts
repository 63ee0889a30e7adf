import type { BundleId, InstalledBundle } from './bundle.ts';
import type { HookEntry, HookName } from './manifest.ts';

/** The twelve phases of docs/transaction.md, by number and name. */
export const PHASES = {
  stage: 1,
  check: 2,
  prepare: 3,
  quiesce: 4,
  'migrate-before': 5,
  switch: 6,
  'migrate-after': 7,
  apply: 8,
  verify: 9,
  resume: 10,
  clean: 12,
} as const;

export type Phase = keyof typeof PHASES;

export type Direction = 'add' | 'remove' | 'up' | 'down' | 'rebuild';

/** How a change reaches what runs; bundles without services need nothing (`none`). */
export type UpgradeClass = 'none' | 'hot' | 'reload' | 'replace' | 'restart' | 'stop-migrate-start' | 'through-base';

/** One bundle going from one version to another; null = absent. */
export type Change = {
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly direction: Direction;
  readonly class: UpgradeClass;
};

/** What a hook is told: `preinstall upgrade 1.0.0`. The undo is told the same with `abort-` before the action. */
export type HookCall = {
  readonly bundle: BundleId;
  readonly hook: HookName;
  readonly entries: readonly HookEntry[];
  /** `install` | `upgrade` | `downgrade` | `remove` | `purge` */
  readonly action: string;
  readonly rest: readonly string[];
  readonly otherVersion: string | null;
  readonly timeout: string;
};

/** The facts of one step; handlers in `steps/` know how to do and undo each kind. */
export type StepBody =
  /** Staged folder -> store. */
  | { readonly kind: 'place-bundle'; readonly bundle: BundleId }
  /** Staged copy of the archive -> archives/. */
  | { readonly kind: 'keep-archive'; readonly bundle: BundleId }
  /** A new configuration revision, merged from `base` (shipped before), the file now, and what this bundle ships. */
  | {
      readonly kind: 'write-config';
      readonly bundle: BundleId;
      readonly revision: string;
      /** The bundle and revision that the operator has edited until now; null on first install. */
      readonly previous: { readonly bundle: BundleId; readonly revision: string } | null;
      /** On a rollback: the revision this bundle had in the generation gone back to. */
      readonly restored?: string;
      readonly exact: boolean;
      readonly policy: 'keep' | 'new';
    }
  | {
      readonly kind: 'write-generation';
      readonly number: number;
      readonly parent: number | null;
      readonly restores?: number;
      readonly createdAt: string;
      readonly bundles: readonly InstalledBundle[];
      readonly config: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'run-check';
      readonly bundle: BundleId;
      readonly generation: number;
      readonly check: string;
      readonly run: readonly string[];
      readonly timeout: string;
      readonly when: 'staged' | 'switched';
    }
  | {
      readonly kind: 'run-hook';
      readonly call: HookCall;
      readonly generation: number;
      readonly forced: readonly string[];
    }
  /** External links of bundles that leave, or that change; undo puts them back. */
  | { readonly kind: 'remove-links'; readonly links: readonly ExternalLink[] }
  | { readonly kind: 'switch'; readonly from: number | null; readonly to: number }
  | { readonly kind: 'make-links'; readonly links: readonly ExternalLink[] }
  /** The folder below data/, given to `owner` when it is new; undo removes it if it is still empty. */
  | { readonly kind: 'make-data'; readonly bundle: BundleId; readonly owner: string | null }
  /** After COMMIT: persistent data and configuration of a purged bundle. */
  | { readonly kind: 'purge'; readonly name: string };

export type StepKind = StepBody['kind'];

/** `at` is the absolute path outside the root, `to` what the symlink there holds. */
export type ExternalLink = { readonly at: string; readonly to: string };

export type Step = StepBody & { readonly phase: Phase; readonly summary: string; readonly undo: string };

/** Everything that will be done, in order, before anything is done. JSON-safe: it is stored and journalled as it is. */
export type Plan = {
  readonly formatVersion: '1';
  readonly command: string;
  readonly from: number | null;
  readonly to: number;
  readonly class: UpgradeClass;
  /** Expected interruption of running services, in milliseconds. */
  readonly interruption: number;
  /** Number of the first step that cannot be undone, or null. */
  readonly pointOfNoReturn: number | null;
  readonly wayBack: { readonly class: UpgradeClass; readonly loses: readonly string[] };
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
  readonly overrides: readonly string[];
  /** Remarks an operator should see before saying yes. */
  readonly notes: readonly string[];
  /** Archives to open before the steps run. */
  readonly archives: readonly (BundleId & { readonly file: string })[];
};

/** Why nothing was touched. `causes` is a tree: each cause may have causes of its own. */
export type Refusal = {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly causes: readonly Cause[];
};

export type Cause = { readonly message: string; readonly causes?: readonly Cause[] };

/** `Plan | Refusal | Nothing`: what a decision can be. */
export type Decision =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'refusal'; readonly refusal: Refusal }
  | { readonly kind: 'nothing'; readonly because: string };
