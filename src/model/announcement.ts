import type { Change, UpgradeClass } from './plan.ts';

/** What commands are told of: a change was accepted, reaches running services, is live, was undone, or needs recovery. */
export const ANNOUNCED = ['planned', 'started', 'finished', 'undone', 'needs-recovery'] as const;

export type Announced = (typeof ANNOUNCED)[number];

/** A command that is told of changes; `on` lists the events, by default all. */
export type Listening = {
  readonly run: readonly string[];
  readonly on?: readonly Announced[];
  readonly timeout?: string;
};

export type Listeners = Readonly<Record<string, Listening>>;

/** What such a command reads on stdin; docs/announcements.md describes each key. Times are ISO, durations milliseconds. */
export type Announcement = {
  readonly formatVersion: '1';
  readonly event: Announced | 'test';
  readonly at: string;
  readonly root: string;
  readonly command: string;
  readonly by: string;
  /** null before there is one. */
  readonly transaction: number | null;
  readonly changes: readonly Change[];
  readonly class: UpgradeClass;
  /** How long the service that is away longest is away; `measured` is null if nobody measured it. */
  readonly interruption: { readonly expected: number; readonly measured: number | null };
  /** When it is undone by itself unless it is committed. */
  readonly trialUntil: string | null;
  /** Why it was undone. */
  readonly error: { readonly code: string; readonly message: string } | null;
};
