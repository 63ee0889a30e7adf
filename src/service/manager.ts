import type { Launch, RunRecord, ServiceState } from '../model/index.ts';

/** What a manager sees of an instance right now. */
export type Condition = {
  readonly state: ServiceState;
  readonly pid: number | null;
  /** Whether something starts it again when it dies. */
  readonly supervised: boolean;
  /** Its manager is about to start it, as after a boot. */
  readonly isComing?: true;
  /** Why, for states that need a word: `pid 123 belongs to somebody else (sshd)`. */
  readonly because?: string;
};

/** Takes what an operator should read although the call went well: it had to be killed, its command lied. */
export type Remark = (message: string) => void;

/** Who keeps the process of a service. Every call is bounded in time and may be repeated after a crash. */
export type ServiceManager = {
  /** Why it cannot be used on this machine, or null. */
  unusable(): Promise<string | null>;
  condition(record: RunRecord): Promise<Condition>;
  /** Starts it and writes its record durably; answers when the process is there, which is before it is ready. */
  start(launch: Launch, abort: AbortSignal): Promise<RunRecord>;
  /** Answers when the process is gone and its port is free; the record then says stopped. */
  stop(record: RunRecord, abort: AbortSignal, tell?: Remark): Promise<RunRecord>;
  /**
   * Tells it to read its files again; that it did is proven by `awaitReady`. A reload command finds `news` in its
   * environment, a signal carries none.
   */
  reload(record: RunRecord, abort: AbortSignal, news?: Readonly<Record<string, string>>): Promise<void>;
};
