/** One service of one bundle; `serviceTitle` writes it as operators do. */
export type ServiceName = { readonly bundle: string; readonly service: string };

/** `web/server`: how a service is named on the command line, in plans and in messages. */
export function serviceTitle({ bundle, service }: ServiceName): string {
  return `${bundle}/${service}`;
}

export type Manager = 'process' | 'command' | 'systemd' | 'runit';

/** What happens to a running service when its version, or one it depends on, changes. */
export type OnChange = 'none' | 'reload' | 'replace' | 'restart';

/** A probe that a healthy service answers; exactly one of `http`, `tcp`, `command`, `file`, `log`. */
export type Probe = {
  readonly http?: string;
  readonly tcp?: string | number;
  readonly command?: readonly string[];
  readonly file?: string;
  readonly log?: string;
  /** HTTP headers of the question. */
  readonly send?: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly header?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeout?: string;
  readonly soak?: string;
};

/** How a running service is told to stop or to read its files again. */
export type Signalling = { readonly signal?: string; readonly command?: readonly string[]; readonly timeout?: string };

/** The proxy in front of a service, and how it is told where requests go; docs/traffic.md describes each key. */
export type TrafficWay = {
  readonly adapter: 'nginx' | 'haproxy';
  readonly file?: string;
  readonly upstream?: string;
  readonly command?: readonly string[];
  readonly socket?: string;
  readonly backend?: string;
  /** For HAProxy: how the two files begin that name the clients of a preview. */
  readonly preview?: string;
  /** Asked at the public address, as the clients do. */
  readonly arrives?: Probe;
  readonly drain?: string;
};

const NEEDED_FOR_TRAFFIC = {
  nginx: ['file', 'arrives'],
  haproxy: ['socket', 'backend', 'file', 'arrives'],
} as const satisfies Record<TrafficWay['adapter'], readonly (keyof TrafficWay)[]>;

/** The keys that are needed to tell the proxy something and to see its effect. */
export function missingForTraffic(way: TrafficWay): readonly (keyof TrafficWay)[] {
  return NEEDED_FOR_TRAFFIC[way.adapter].filter((key) => way[key] === undefined);
}

/** What answers at the port of a service while that is down for maintenance; exactly one of the two. */
export type StandIn = {
  /** Another way to start it, prepared in advance. */
  readonly start?: readonly string[];
  /** The address at which pkg itself shows its page; `*` for all. */
  readonly page?: string;
};

/** One entry of `services` in a manifest; docs/services.md describes each key. */
export type Service = {
  readonly manager?: Manager;
  readonly start?: readonly string[];
  readonly status?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly group?: string;
  readonly ports?: readonly number[];
  readonly stop?: Signalling;
  readonly reload?: Signalling;
  readonly control?: string;
  readonly ready?: Probe;
  readonly log?: { readonly path: string; readonly mustNotMatch?: string };
  readonly path?: 'exact' | 'current';
  readonly needs?: readonly string[];
  readonly forks?: boolean;
  readonly pidFile?: string;
  readonly notify?: boolean;
  readonly socket?: string;
  readonly supersedes?: readonly string[];
  readonly traffic?: TrafficWay;
  readonly maintenance?: StandIn;
  readonly autostart?: boolean;
  readonly onUpgrade?: OnChange;
  readonly onDependency?: Readonly<Record<string, OnChange>>;
  readonly critical?: boolean;
};

/** The configuration that a service last read; what was edited since is not loaded. */
export type LoadedConfig = {
  /** The revision of its bundle that it reads. */
  readonly revision: string;
  /** The folder beside the revision that holds these files as they were. */
  readonly copy: string;
  /** File -> a mark that changes with it; without files that lie beside others. */
  readonly files: Readonly<Record<string, string>>;
  /** The copy of newer files that it was told to read, but was not seen healthy afterwards: it may have read either. */
  readonly unprovenCopy?: string;
};

/** Everything needed to start one instance, with every `${name}` filled in. JSON-safe. */
export type Launch = {
  readonly name: ServiceName;
  readonly version: string;
  readonly generation: number;
  /** The folder it runs from: its own below `store/`, or through `current`. Absolute. */
  readonly bundleDir: string;
  /** The declaration with its values filled in for this instance. */
  readonly service: Service;
  readonly argv: readonly string[];
  /** The last words of `argv`: those that an operator added to `pkg service start`; a restart keeps them. */
  readonly extraArgs?: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly port: number | null;
  /** Absolute file that takes stdout and stderr. */
  readonly log: string;
  /** Absent if its bundle has no configuration, or an older pkg started it. */
  readonly loaded?: LoadedConfig;
  /** Secrets that are hidden in what it prints; absent if there are none. */
  readonly secrets?: readonly string[];
  /** Absolute path of `run/<bundle>.<service>.json`. */
  readonly runFile: string;
  /** `pkg-<root id>-<bundle>-<service>`, the name units of other managers carry. */
  readonly unit: string;
};

/** `run/<bundle>.<service>.json`: the last instance that was started, and whether it should be up after a boot. */
export type RunRecord = {
  readonly formatVersion: '1';
  readonly bundle: string;
  readonly service: string;
  readonly manager: Manager;
  readonly version: string;
  /** null while stopped. `startTime` in ticks since boot. */
  readonly pid: number | null;
  readonly startTime: number | null;
  readonly bootId: string | null;
  /**
   * Random, in the environment of every process of this instance as PKG_INSTANCE, and written before the first of them
   * is started: with it and no pid, a crash came between the two. null while stopped.
   */
  readonly instance: string | null;
  /** Start options of the running instance: a restart uses them again. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly port: number | null;
  readonly bundleDir: string;
  readonly generation: number;
  readonly enabled: boolean;
  /** The whole launch, so that exactly this can be stopped, reloaded or started again. */
  readonly launch: Launch;
  /** Milliseconds from start to ready, measured; feeds the next estimate. */
  readonly readyAfterMs: number | null;
  /** Its last start failed: the next one uses the same start options, which only a stop forgets. */
  readonly startFailed?: true;
};

export type ServiceState =
  | 'running'
  /** Recorded as stopped, or never started. */
  | 'stopped'
  /** It was started and is gone without being stopped. */
  | 'dead'
  /** The recorded or pid-file process belongs to another program, which is never signalled. */
  | 'foreign';

/** What is known of one service of the live generation, read once before a decision. */
export type ServiceFact = {
  readonly name: ServiceName;
  readonly state: ServiceState;
  readonly pid: number | null;
  /** Version that runs; differs from the installed one after a hot change that was not done. */
  readonly version: string | null;
  readonly port: number | null;
  readonly generation: number | null;
  readonly enabled: boolean;
  readonly readyAfterMs: number | null;
};

/** One service as `pkg status` tells of it, and as the result of `pkg service …` does. */
export type ServiceStatus = {
  readonly bundle: string;
  readonly name: string;
  readonly state: ServiceState;
  readonly pid: number | null;
  /** null while nothing runs. If it is not the installed version: changed, not loaded. */
  readonly runningVersion: string | null;
  readonly installedVersion: string;
  /** Whether it is started after a boot. */
  readonly enabled: boolean;
  /** Whether something starts it again when it dies. */
  readonly supervised: boolean;
  readonly port: number | null;
  /** ISO time at which the process began; null while nothing runs. */
  readonly since: string | null;
  /** Configuration files that are not as they were when the service last read them. */
  readonly notLoaded: readonly string[];
  /** Since when it is drained, and until when; ISO times, `until` null = until it is put back. Absent = not drained. */
  readonly drained?: { readonly since: string; readonly until: string | null };
  readonly because?: string;
};

/** Who listens on a local TCP port. `ours` = the service of this root it belongs to. */
export type Listener = { readonly pid: number | null; readonly command: string; readonly ours: ServiceName | null };

/** Whether both name the same service. */
export function sameService(a: ServiceName, b: ServiceName): boolean {
  return a.bundle === b.bundle && a.service === b.service;
}

/** `web/server` or, within a bundle, `server`. */
export function parseServiceName(text: string, bundle: string): ServiceName {
  const slash = text.indexOf('/');
  return slash < 0 ? { bundle, service: text } : { bundle: text.slice(0, slash), service: text.slice(slash + 1) };
}
