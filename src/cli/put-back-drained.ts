import fs from 'node:fs';
import path from 'node:path';
import type { Context } from './command.ts';
import { say } from './streams.ts';

/** Whatever the command is: a service whose drain is over, and that nobody has put back, is put back first. */
export async function putBackDrained(context: Context, stopWaiting: AbortSignal): Promise<void> {
  const { root, dryRun, streams, quiet } = context;
  if (dryRun || !isAnyDrained(root)) return;
  const { endOverdueDrains } = await import('../operations/drain/end-overdue.ts');
  await endOverdueDrains({
    root,
    tell: (event) => {
      if (!quiet && (event.event === 'note' || event.event === 'warning')) say(streams, event.message);
    },
    stopWaiting,
  });
}

/** Every command looks, so it looks at one folder only. What it may not read belongs to somebody else. */
function isAnyDrained(root: string): boolean {
  try {
    return fs.readdirSync(path.join(root, 'run')).some((file) => file.endsWith('~drained.json'));
  } catch {
    return false;
  }
}
