/** What the environment of every program of a bundle contains, before the variables of its own kind. */
export type CleanFacts = {
  /** Folders with commands of the bundle and its dependencies, searched first. */
  readonly path: readonly string[];
  readonly home: string;
  /** Declared variables with their values filled in. */
  readonly env: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
};

/** Where everything that a bundle starts searches for commands of the machine. */
export const SYSTEM_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** An environment with nothing from the shell that called pkg. */
export function cleanEnvironment({ path, home, env, settings }: CleanFacts): Record<string, string> {
  return {
    PATH: [...path, ...SYSTEM_PATH].join(':'),
    HOME: home,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    ...env,
    ...settingVariables(settings),
  };
}

/** `listen-port` -> `PKG_SETTING_LISTEN_PORT`. */
function settingVariables(settings: CleanFacts['settings']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      `PKG_SETTING_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`,
      String(value),
    ]),
  );
}
