/** When this root may be changed: from each time that `cron` names in `zone`, for as long as `duration` says. */
export type Window = { readonly cron: string; readonly duration: string; readonly zone: string };

export type Windows = Readonly<Record<string, Window>>;

/** What the windows of a root mean at one moment; times are ISO. */
export type WindowState = {
  /** Until when changes are allowed without a break; null = not now. */
  readonly openUntil: string | null;
  /** null when none ever opens again. */
  readonly next: { readonly name: string; readonly opens: string } | null;
};
