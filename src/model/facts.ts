import type { BundleId } from './bundle.ts';
import type { Deletable } from './deletable.ts';
import type { Generation } from './generation.ts';
import type { Manifest } from './manifest.ts';
import type { Listener, Manager, ServiceFact } from './service.ts';
import type { Settings } from './settings.ts';

/** A bundle that can be switched to: its manifest and where its bytes are. */
export type KnownBundle = {
  readonly id: BundleId;
  readonly manifest: Manifest;
  /** Bytes of unpacked content and number of entries. */
  readonly size: number;
  readonly entries: number;
  /** Bytes of the .tgz, where it was looked at. */
  readonly archiveSize?: number;
  /** `store` = unpacked already; `archive` = only its .tgz is here. */
  readonly at: 'store' | 'archive';
  /** The archive to open, for `archive`; null when only the unpacked folder is left. */
  readonly file: string | null;
};

export type GenerationOutcome = 'trial' | 'good' | 'bad' | 'superseded';

/** The data of one bundle that a change may copy or delete, measured before the decision. */
export type DataFolder = {
  /** Where the data itself is, which is not data/NAME if that is a link. Absolute. */
  readonly folder: string;
  readonly bytes: number;
  readonly entries: number;
  /** Where a copy of it would be made. */
  readonly copies: {
    readonly folder: string;
    /** On the file system of the root, whose free space is in `space`. */
    readonly isWithRoot: boolean;
    readonly space: Facts['space'];
    /** A copy takes no space for what stays the same. */
    readonly sharesBlocks: boolean;
  };
};

/** What is in data/ under one name; `disk` = it is a mount point, which cannot be renamed. */
export type DataState = 'empty' | 'held' | 'disk';

/** Everything that a decision may take into account, read once beforehand (operations/facts/gather-facts.ts). */
export type Facts = {
  readonly now: string;
  readonly programVersion: string;
  readonly platform: { readonly os: string; readonly cpu: string };
  /** The live generation; null before the first install. */
  readonly current: Generation | null;
  /** Every generation still on disk, by number, ascending, with its outcome. */
  readonly generations: readonly { readonly generation: Generation; readonly outcome: GenerationOutcome }[];
  readonly nextGeneration: number;
  /** Every bundle that could be a member: offered, kept, installed. Key: digest. */
  readonly known: ReadonlyMap<string, KnownBundle>;
  /** Digests of the archives given in this request, in order. */
  readonly offered: readonly string[];
  readonly pins: Readonly<Record<string, string>>;
  readonly protectedNames: readonly string[];
  /** Free room on the file system of the root. */
  readonly space: { readonly bytes: number; readonly inodes: number };
  /** Name -> what the machine answers for `host` requirements: version, or null when missing. */
  readonly host: ReadonlyMap<string, { readonly present: boolean; readonly version: string | null }>;
  /** Changed files of installed bundles. */
  readonly drift: readonly { readonly bundle: BundleId; readonly path: string; readonly change: string }[];
  /** Files that were added to them by hand: they do no harm, and are copied aside when their bundle leaves. */
  readonly added: Facts['drift'];
  /** Absolute external link -> what is there: nothing, our own link, or something foreign. */
  readonly externalLinks: ReadonlyMap<string, 'absent' | 'ours' | 'foreign'>;
  readonly root: string;
  /** Every service of the live generation. */
  readonly services: readonly ServiceFact[];
  /** Generation -> its settings, for every generation still on disk whose settings are not lost. */
  readonly settings: ReadonlyMap<number, Settings>;
  /** Port -> who listens there, for every port that a known bundle declares; free ports are absent. */
  readonly listeners: ReadonlyMap<number, Listener>;
  /** Service manager -> why it cannot be used on this machine; usable ones are absent. */
  readonly unusableManagers: ReadonlyMap<Manager, string>;
  /** Service (such as `web/server`) -> a file that we did not make in the place of its unit. */
  readonly foreignUnits: ReadonlyMap<string, string>;
  /** Bundle -> format of the data on disk, where one was recorded. */
  readonly dataFormats: ReadonlyMap<string, number>;
  /** Name -> what its data folder is, for every folder there is; also of bundles that were removed. */
  readonly dataStates: ReadonlyMap<string, DataState>;
  /** Name -> its configuration revisions on disk; also of bundles that were removed. */
  readonly configKept: ReadonlyMap<string, readonly string[]>;
  /** Bundle -> its data, for bundles whose data the plan copies. */
  readonly dataFolders: ReadonlyMap<string, DataFolder>;
  /** Bundle -> what a purge would delete; empty if none was asked for. */
  readonly deletable: ReadonlyMap<string, readonly Deletable[]>;
};
