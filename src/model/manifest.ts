import type { Expectations } from './expectation.ts';
import type { Service } from './service.ts';

/** A hook of one phase: a file of the bundle, a ready-made `pkg:name`, or a pair that undoes itself. */
export type HookEntry = string | { readonly do: string; readonly undo?: string };

export type HookName = 'preinstall' | 'postinstall' | 'preremove' | 'postremove';

export type Hooks = { readonly [name in HookName]?: readonly HookEntry[] } & { readonly timeout?: string };

export type ConfigFile = {
  readonly path: string;
  readonly merge?: 'three-way' | 'keep' | 'replace';
  readonly template?: boolean;
  readonly mode?: string;
  readonly owner?: string;
};

export type Setting = {
  readonly type: 'string' | 'number' | 'boolean' | 'choice';
  readonly default?: string | number | boolean;
  readonly prompt?: string;
  readonly secret?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly choices?: readonly string[];
  readonly when?: string;
};

export type Check = {
  readonly name: string;
  readonly run: readonly string[];
  readonly timeout?: string;
  readonly expect?: Expectations;
  readonly when?: readonly ('staged' | 'switched')[];
};

export type HostRequirement = { readonly version?: readonly string[]; readonly range?: string };

/** `bundle.json` after it was checked: defaults filled in, hooks as lists. docs/bundle-format.md describes each key. */
export type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly license?: string;
  readonly homepage?: string;
  readonly maintainer?: string;
  readonly label?: string;
  readonly platform?: { readonly os?: readonly string[]; readonly cpu?: readonly string[] };
  readonly host?: Readonly<Record<string, HostRequirement>>;
  readonly depends?: Readonly<Record<string, string>>;
  readonly conflicts?: Readonly<Record<string, string>>;
  readonly provides?: Readonly<Record<string, string>>;
  readonly replaces?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: readonly ConfigFile[];
  readonly settings?: Readonly<Record<string, Setting>>;
  readonly data?: {
    readonly directory?: boolean;
    readonly owner?: string;
    readonly reads?: readonly number[];
    readonly writes?: number;
  };
  readonly monotonic?: boolean;
  readonly links?: Readonly<Record<string, string>>;
  readonly hooks?: Hooks;
  readonly checks?: readonly Check[];
  readonly services?: Readonly<Record<string, Service>>;
  readonly upgrade?: Upgrade;
  readonly prebuild?: readonly string[];
  readonly include?: readonly string[];
};

/** One declared way between versions; its steps are kept as written. */
export type UpgradeEntry = {
  readonly from?: string;
  readonly to?: string;
  readonly steps: readonly Readonly<Record<string, unknown>>[];
};

export type Upgrade = {
  readonly up?: readonly UpgradeEntry[];
  readonly down?: readonly UpgradeEntry[];
  readonly default?: { readonly up?: string; readonly down?: string };
};

/** One entry of the table in the stored `bundle.json`. */
export type FileEntry =
  | {
      readonly path: string;
      readonly type: 'file';
      readonly mode: '0644' | '0755';
      readonly size: number;
      readonly sha256: string;
    }
  | { readonly path: string; readonly type: 'directory'; readonly mode: '0755' }
  | { readonly path: string; readonly type: 'symlink'; readonly mode: '0777'; readonly target: string };

/** The `bundle.json` inside an archive: the manifest and the table of every other entry. */
export type StoredManifest = Manifest & { readonly files: readonly FileEntry[] };
