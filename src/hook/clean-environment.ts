/** What every program of a bundle finds in its environment, before it is told about its own place. */
export type CleanFacts = {
  /** Folders with commands of the bundle and its dependencies, searched first. */
  readonly path: readonly string[];
  readonly home: string;
  /** Declared variables with their values filled in. */
  readonly env: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
};

/** Where the commands of the machine are searched, by everything that a bundle starts. */
export const SYSTEM_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** An environment in which nothing of the shell that called pkg gets through. */
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
