import type { BundleId, InstalledBundle } from './bundle.ts';
import type { Deletable } from './deletable.ts';
import type { Expectations } from './expectation.ts';
import type { HookEntry, HookName } from './manifest.ts';
import type { Client } from './preview.ts';
import type { ConfigPolicy } from './request.ts';
import type { ServiceName } from './service.ts';
import type { SettingChange, Settings } from './settings.ts';

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
      /** On a longer way: revisions of versions in between, whose edits are taken along. */
      readonly via?: readonly { readonly bundle: BundleId; readonly revision: string }[];
      /** Itself of a version in between: nobody is asked or told about it. */
      readonly isPassed?: boolean;
      /** On a rollback: the revision this bundle had in the generation gone back to. */
      readonly restored?: string;
      /** Revisions made between that one and the live one, whose edits are taken along. */
      readonly since?: readonly string[];
      readonly exact: boolean;
      readonly policy: ConfigPolicy;
      /** File -> what the operator decided about it before anything began. */
      readonly choices?: Readonly<Record<string, ConfigChoice>>;
    }
  | {
      readonly kind: 'write-generation';
      readonly number: number;
      readonly parent: number | null;
      readonly restores?: number;
      readonly createdAt: string;
      readonly bundles: readonly InstalledBundle[];
      readonly config: Readonly<Record<string, string>>;
      readonly settings?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'run-check';
      readonly bundle: BundleId;
      readonly generation: number;
      readonly check: string;
      readonly run: readonly string[];
      readonly timeout: string;
      readonly expect?: Expectations;
      readonly when: 'staged' | 'switched';
    }
  | {
      readonly kind: 'run-hook';
      readonly call: HookCall;
      readonly generation: number;
      /** The generation with the settings and configuration it sees; by default the one that has the bundle. */
      readonly seenIn?: number;
      readonly forced: readonly string[];
    }
  /** External links of bundles that leave, or that change; undo puts them back. */
  | { readonly kind: 'remove-links'; readonly links: readonly ExternalLink[] }
  | { readonly kind: 'switch'; readonly from: number | null; readonly to: number }
  | { readonly kind: 'make-links'; readonly links: readonly ExternalLink[] }
  /** The folder below data/, given to `owner` when it is new; undo removes it if it is still empty. */
  | { readonly kind: 'make-data'; readonly bundle: BundleId; readonly owner: string | null }
  /** The data folder of a bundle becomes that of the one which takes its place, with the format noted for it. */
  | { readonly kind: 'move-data'; readonly bundle: string; readonly from: string }
  /** A whole copy of a data folder, made while nothing writes there; undo makes the folder equal to it again. */
  | {
      readonly kind: 'backup-data';
      readonly name: string;
      /** The folder with the data itself, also where data/NAME is a link. Absolute, as `copy` is. */
      readonly folder: string;
      readonly copy: string;
      readonly timeout: string;
    }
  /** After COMMIT: that copy. */
  | { readonly kind: 'forget-backup'; readonly name: string; readonly copy: string }
  /** After COMMIT: persistent data and configuration of a purged bundle. */
  | { readonly kind: 'purge'; readonly name: string; readonly deletes: readonly Deletable[] }
  | ServiceStep;

/**
 * One side of a conflict, or a text that the operator wrote from both: `merged` is the digest of the file it was written
 * for; the text waits beside the plan, as it may hold secrets.
 */
export type ConfigChoice = 'keep' | 'new' | { readonly merged: string };

/** A service in one version: `bundle` says which folder and declaration are meant, `generation` where it is a member. */
export type ServiceAt = { readonly name: ServiceName; readonly bundle: BundleId; readonly generation: number };

/** What is done to services and along upgrade paths; docs/upgrade-paths.md has the table of do and undo. */
export type ServiceStep =
  /** Before anything touches it: what runs now. Undo: exactly this runs again, restarted or reloaded where it must be. */
  | { readonly kind: 'guard-service'; readonly service: ServiceAt }
  /** Until the process is gone and its port free. Undo is the guard's. */
  | { readonly kind: 'stop-service'; readonly service: ServiceAt }
  /**
   * Up to its `ready`. `quiet`: only for the steps that need it alive, stopped again by a `stop-service`. `old`: what ran
   * for it under another name until now.
   */
  | {
      readonly kind: 'start-service';
      readonly service: ServiceAt;
      readonly old?: ServiceAt;
      readonly quiet: boolean;
    }
  /** Stop and start back to back, with the start options of the instance that runs. */
  | { readonly kind: 'restart-service'; readonly old: ServiceAt; readonly service: ServiceAt; readonly because: string }
  /** Signal or command, proven by a fresh answer. */
  | { readonly kind: 'reload-service'; readonly old: ServiceAt; readonly service: ServiceAt; readonly because: string }
  /** The new one beside the old on the other port, ready; the old one ends by `retire-service`. */
  | { readonly kind: 'replace-service'; readonly old: ServiceAt; readonly service: ServiceAt; readonly because: string }
  /** The same before the switch, for a few clients; every step behind the last of these waits for `pkg publish`. */
  | {
      readonly kind: 'preview-service';
      readonly old: ServiceAt;
      readonly service: ServiceAt;
      readonly clients: readonly Client[];
    }
  /** Requests go to the new one by the proxy, and are seen to arrive there. */
  | { readonly kind: 'move-traffic'; readonly old: ServiceAt; readonly service: ServiceAt }
  | { readonly kind: 'retire-service'; readonly service: ServiceAt }
  /** Asks the live service through its control program: argv = verb, JSON on stdin, JSON as answer. */
  | {
      readonly kind: 'control-service';
      readonly service: ServiceAt;
      /** Whose control program is run: the newer bundle unless the step says `in: old`. */
      readonly program: BundleId;
      /** The version on the other side of the change: the folder that is gone to is one of these two. */
      readonly other: BundleId;
      readonly verb: 'call' | 'suspend' | 'resume' | 'migrate' | 'config';
      readonly direction: 'up' | 'down';
      readonly fromVersion: string;
      readonly toVersion: string;
      readonly extra: unknown;
      readonly timeout: string;
      /** The verb that takes it back; null when nothing does. */
      readonly undoVerb: 'call' | 'suspend' | 'resume' | 'migrate' | null;
      readonly irreversible: boolean;
    }
  /** A program of the bundle: `check`, `prepare`, `backup`, `run`, `migrate`. argv gets `up|down FROM TO`. */
  | {
      readonly kind: 'run-program';
      readonly verb: 'check' | 'prepare' | 'backup' | 'run' | 'migrate';
      readonly bundle: BundleId;
      readonly generation: number;
      readonly run: readonly string[];
      readonly undoRun: readonly string[] | null;
      readonly direction: 'up' | 'down';
      readonly fromVersion: string;
      readonly toVersion: string;
      readonly extra: unknown;
      readonly timeout: string;
      readonly irreversible: boolean;
    }
  /** Asks `ready` once more after everything, the new version where the service can tell; and reads its log. */
  | { readonly kind: 'prove-service'; readonly service: ServiceAt }
  /** Unit files of other managers: those that come, change or leave with this generation. */
  | { readonly kind: 'write-units'; readonly services: readonly ServiceAt[] }
  | { readonly kind: 'remove-units'; readonly services: readonly ServiceAt[] }
  /** The distribution's own units of the same services: stopped and disabled, and what they were is remembered. */
  | { readonly kind: 'supersede-units'; readonly services: readonly ServiceAt[] }
  /** They come back as they were. */
  | { readonly kind: 'give-back-units'; readonly services: readonly ServiceAt[] }
  /** What answers at the port of a service while that is down: it comes after the stop, and goes before the start. */
  | { readonly kind: 'stand-in'; readonly service: ServiceAt; readonly on: boolean }
  /** The page and mark `maintenance/<bundle>/` that proxies look at. */
  | { readonly kind: 'maintenance'; readonly bundle: string; readonly on: boolean }
  /** Records which format the data has now. */
  | { readonly kind: 'note-data-format'; readonly bundle: string; readonly from: number | null; readonly to: number }
  /** After COMMIT: a generation that was only a hop on the way. */
  | { readonly kind: 'forget-generation'; readonly number: number };

export type StepKind = StepBody['kind'];

/** `at` is the absolute path outside the root, `to` what the symlink there holds. */
export type ExternalLink = { readonly at: string; readonly to: string };

/** `hop` counts from 0 where several versions are passed on the way; absent means the only one. */
export type Step = StepBody & {
  readonly phase: Phase;
  readonly summary: string;
  readonly undo: string;
  readonly hop?: number;
};

/** One member of the new generation needs another; `as` = the name it asks for, which the other may only provide. */
export type Need = { readonly by: string; readonly on: string; readonly as: string; readonly range: string };

/** How one would come back: what it disturbs, what is lost, and the bundles whose data has to be given up by name. */
export type WayBack = {
  readonly class: UpgradeClass;
  readonly loses: readonly string[];
  readonly accept?: readonly string[];
};

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
  readonly wayBack: WayBack;
  readonly changes: readonly Change[];
  /** Who needs whom, as far as one of the two changes; plans that were stored earlier do not say it. */
  readonly needs?: readonly Need[];
  /** What will be unpacked, and the bytes that are free there now. */
  readonly room?: { readonly bytes: number; readonly inodes: number; readonly free: number };
  readonly steps: readonly Step[];
  readonly overrides: readonly string[];
  /** Remarks an operator should see before saying yes. */
  readonly notes: readonly string[];
  /** Ways that were looked at and not taken, with the reason: `pkg plan --why`. */
  readonly rejected: readonly { readonly from: string; readonly to: string; readonly why: string }[];
  /** What becomes of the settings. Holds no secret. */
  readonly settings?: {
    /** The generation whose settings are taken over; null = none. */
    readonly base: number | null;
    readonly changes: readonly SettingChange[];
    /** `NAME.KEY` of secrets that were given for this change: who applies a stored plan gives them once more. */
    readonly secrets: readonly string[];
  };
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
  /** `settings` are those of the new generation, secrets too: apart from the plan, which is shown and stored. */
  | { readonly kind: 'plan'; readonly plan: Plan; readonly settings: Settings }
  | { readonly kind: 'refusal'; readonly refusal: Refusal }
  | { readonly kind: 'nothing'; readonly because: string };
