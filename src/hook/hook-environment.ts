import { type CleanFacts, cleanEnvironment } from './clean-environment.ts';

/** What a hook is told about itself and its place. */
export type HookFacts = CleanFacts & {
  readonly name: string;
  readonly version: string;
  /** The version before (or after) this change; null when there is none. */
  readonly otherVersion: string | null;
  readonly action: string;
  readonly root: string;
  readonly bundleDir: string;
  readonly configDir: string;
  readonly dataDir: string;
  readonly scratch: string;
  readonly generation: number;
  readonly transaction: string;
  /** Overrides of this transaction, such as `force`. */
  readonly forced: readonly string[];
  /** The Node that runs pkg, for hooks written in JavaScript. */
  readonly node: string;
};

/** The whole environment of a hook. */
export function hookEnvironment(facts: HookFacts): Record<string, string> {
  return {
    ...cleanEnvironment(facts),
    PKG_NAME: facts.name,
    PKG_VERSION: facts.version,
    PKG_OTHER_VERSION: facts.otherVersion ?? '',
    PKG_ACTION: facts.action,
    PKG_ROOT: facts.root,
    PKG_BUNDLE_DIR: facts.bundleDir,
    PKG_CONFIG_DIR: facts.configDir,
    PKG_DATA_DIR: facts.dataDir,
    PKG_SCRATCH: facts.scratch,
    PKG_GENERATION: String(facts.generation),
    PKG_TRANSACTION: facts.transaction,
    PKG_FORCED: facts.forced.join(' '),
    PKG_NODE: facts.node,
  };
}
