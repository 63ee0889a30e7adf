import fs from 'node:fs';
import { cleanEnvironment, runHook } from '../../hook/index.ts';
import type { Announcement, Change, Listening } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import { parseDuration } from '../../system/index.ts';

/** How a command that was told something ended. */
export type Heard = { readonly ok: boolean; readonly timedOut: boolean; readonly message: string };

/** Runs a listening command within its time; never throws, because nothing depends on it. */
export async function tellListener(
  name: string,
  { run, timeout = '10s' }: Listening,
  announcement: Announcement,
  { layout, home }: { readonly layout: Layout; readonly home: string },
): Promise<Heard> {
  const [file = '', ...args] = run;
  const failed = (why: string, timedOut = false): Heard => {
    const message = `${name}, which is to be told of '${announcement.event}', ${why}`;
    return { ok: false, timedOut, message };
  };
  try {
    const log = layout.notifyLog(name);
    // The log holds its last output only.
    fs.rmSync(log, { force: true });
    const end = await runHook({
      file,
      args,
      cwd: layout.root,
      env: { ...cleanEnvironment({ path: [], home, env: {}, settings: {} }), ...variablesOf(announcement) },
      input: `${JSON.stringify(announcement)}\n`,
      log,
      timeoutMs: parseDuration(timeout),
      graceMs: 1_000,
      logCapBytes: 1 << 20,
    });
    if (end.ok) return { ok: true, timedOut: false, message: `${name} was told of '${announcement.event}'` };
    if (end.timedOut) return failed(`did not end within ${timeout}`, true);
    const how = end.signal === null ? `ended with ${end.code}` : `was ended by ${end.signal}`;
    return failed(`${how}${end.tail === '' ? '' : `: ${end.tail.split('\n').at(-1)}`}`);
  } catch (error) {
    return failed(`could not be run: ${(error as Error).message}`);
  }
}

/** The same in short, for scripts without JSON. */
function variablesOf(announcement: Announcement): Record<string, string> {
  const { event, at, root, command, by, transaction, changes, interruption, error } = announcement;
  return {
    PKG_EVENT: event,
    PKG_AT: at,
    PKG_ROOT: root,
    PKG_COMMAND: command,
    PKG_BY: by,
    PKG_CHANGES: changes.map(inWords).join(', '),
    PKG_CHANGE_ID: transaction === null ? '' : String(transaction),
    PKG_INTERRUPTION_EXPECTED_MS: String(interruption.expected),
    PKG_INTERRUPTION_MEASURED_MS: interruption.measured === null ? '' : String(interruption.measured),
    PKG_ERROR: error === null ? '' : error.message,
  };
}

function inWords({ name, from, to }: Change): string {
  if (from === null) return `${name} ${to} comes`;
  return to === null ? `${name} ${from} goes` : `${name} ${from} -> ${to}`;
}
