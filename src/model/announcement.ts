import type { Change, UpgradeClass } from './plan.ts';

/** What commands are told of: a change was agreed to, begins to touch what runs, is live, was undone, or hangs between. */
export const ANNOUNCED = ['planned', 'started', 'finished', 'undone', 'needs-recovery'] as const;

export type Announced = (typeof ANNOUNCED)[number];

/** A command that is told of changes; `on` says of which moments, all of them otherwise. */
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
  /** How long the service that is away for longest is away; measured is null where nobody looked. */
  readonly interruption: { readonly expected: number; readonly measured: number | null };
  /** Until when it goes back by itself unless it is committed. */
  readonly trialUntil: string | null;
  /** Why it was undone. */
  readonly error: { readonly code: string; readonly message: string } | null;
};
