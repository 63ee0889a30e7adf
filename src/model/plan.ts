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

/** How much a change disturbs running services; for bundles without services `none`. */
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
      /** On a longer way: revisions of versions in between, whose edits are merged as well. */
      readonly via?: readonly { readonly bundle: BundleId; readonly revision: string }[];
      /** The revision of a version in between, which nobody is asked or told about. */
      readonly isPassed?: boolean;
      /** On a rollback: the revision of this bundle in the older generation. */
      readonly restored?: string;
      /** Revisions made between that one and the live one, whose edits are merged as well. */
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
  /** The data folder of a bundle passes to the one that replaces it, together with its recorded format. */
  | { readonly kind: 'move-data'; readonly bundle: string; readonly from: string }
  /** A full copy of a data folder, made while nothing writes there; undo makes the folder equal to it again. */
  | {
      readonly kind: 'backup-data';
      readonly name: string;
      /** The folder with the data itself, even if data/NAME is a link. Absolute, as `copy` is. */
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

/** A service in one version: `bundle` gives its folder and declaration, `generation` the one it is a member of. */
export type ServiceAt = { readonly name: ServiceName; readonly bundle: BundleId; readonly generation: number };

/** What is done to services and along upgrade paths; docs/upgrade-paths.md has the table of do and undo. */
export type ServiceStep =
  /** Before anything touches it: records what runs. Undo: exactly this runs again, restarted or reloaded if necessary. */
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
  /** Stop and start at once, with the start options of the running instance. */
  | { readonly kind: 'restart-service'; readonly old: ServiceAt; readonly service: ServiceAt; readonly because: string }
  /** Signal or command, proven by a fresh answer. */
  | { readonly kind: 'reload-service'; readonly old: ServiceAt; readonly service: ServiceAt; readonly because: string }
  /** Starts the new instance beside the old one, on the other port, up to its `ready`; `retire-service` ends the old one. */
  | { readonly kind: 'replace-service'; readonly old: ServiceAt; readonly service: ServiceAt; readonly because: string }
  /** The same before the switch, for a few clients; every step after the last of these waits for `pkg publish`. */
  | {
      readonly kind: 'preview-service';
      readonly old: ServiceAt;
      readonly service: ServiceAt;
      readonly clients: readonly Client[];
    }
  /** The proxy sends requests to the new instance, and they are seen to arrive there. */
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
      /** The verb that undoes it; null if there is none. */
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
  /** Asks `ready` once more in the end, for the new version if the service can tell, and reads its log. */
  | { readonly kind: 'prove-service'; readonly service: ServiceAt }
  /** Unit files of other managers: those that come, change or leave with this generation. */
  | { readonly kind: 'write-units'; readonly services: readonly ServiceAt[] }
  | { readonly kind: 'remove-units'; readonly services: readonly ServiceAt[] }
  /** The distribution's own units of the same services are stopped and disabled, and their state is recorded. */
  | { readonly kind: 'supersede-units'; readonly services: readonly ServiceAt[] }
  /** They are restored to that state. */
  | { readonly kind: 'give-back-units'; readonly services: readonly ServiceAt[] }
  /** What answers at the port of a service while it is down: started after the stop, ended before the start. */
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

/** `hop` counts from 0 if several versions are passed on the way; absent if there is only one. */
export type Step = StepBody & {
  readonly phase: Phase;
  readonly summary: string;
  readonly undo: string;
  readonly hop?: number;
};

/** One member of the new generation needs another; `as` = the name it asks for, which the other may only provide. */
export type Need = { readonly by: string; readonly on: string; readonly as: string; readonly range: string };

/** The way back: what it disturbs, what is lost, and the bundles whose data has to be given up by name. */
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
  /** Which bundle needs which, if one of the two changes; absent in plans stored by an older pkg. */
  readonly needs?: readonly Need[];
  /** What will be unpacked, and the bytes that are free there now. */
  readonly room?: { readonly bytes: number; readonly inodes: number; readonly free: number };
  readonly steps: readonly Step[];
  readonly overrides: readonly string[];
  /** Remarks that an operator should see before accepting the plan. */
  readonly notes: readonly string[];
  /** Ways that were considered and not taken, with the reason: `pkg plan --why`. */
  readonly rejected: readonly { readonly from: string; readonly to: string; readonly why: string }[];
  /** What becomes of the settings. Holds no secret. */
  readonly settings?: {
    /** The generation whose settings are taken over; null = none. */
    readonly base: number | null;
    readonly changes: readonly SettingChange[];
    /** `NAME.KEY` of secrets given for this change, which have to be given again with a stored plan. */
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
