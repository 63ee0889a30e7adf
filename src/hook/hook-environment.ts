/** What a hook is told about itself and its place. */
export type HookFacts = {
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
  /** Overrides of this transaction, e.g. `lower`. */
  readonly forced: readonly string[];
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** Folders with commands of the bundle and its dependencies, searched first. */
  readonly path: readonly string[];
  readonly home: string;
  /** `env` of the manifest with its values filled in. */
  readonly env: Readonly<Record<string, string>>;
  /** The Node that runs pkg, for hooks written in JavaScript. */
  readonly node: string;
};

const SYSTEM_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The whole environment of a hook: nothing of the shell that called pkg gets through. */
export function hookEnvironment(facts: HookFacts): Record<string, string> {
  return {
    PATH: [...facts.path, ...SYSTEM_PATH].join(':'),
    HOME: facts.home,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    ...facts.env,
    ...settingVariables(facts.settings),
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

/** `listen-port` -> `PKG_SETTING_LISTEN_PORT`. */
function settingVariables(settings: HookFacts['settings']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      `PKG_SETTING_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`,
      String(value),
    ]),
  );
}
